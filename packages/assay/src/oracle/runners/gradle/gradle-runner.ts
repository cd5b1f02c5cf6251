import { dirname } from "node:path";
import type { RunTests, Sandbox, TestRun, TestRunner } from "#ports";
import { gradleCacheOf, gradleHomeOf } from "../../detect/java/gradle.ts";
import { mavenRepositoryTarget } from "../../detect/java/maven-repository.ts";
import { compiledEnvironment } from "../compiled/environment.ts";
import { observeDriver } from "../compiled/observe-driver.ts";

const defaultTestMsMax = 60_000;
const relevantFile = /\.(?:java|kt|groovy)$/;

/**
 * `gradle test`, offline, told about by a script of ours in Gradle's own process: tests run in another one, and what they print or
 * write is no event. Gradle 4.4 or later, with JUnit 4, the JUnit Platform or TestNG (tried with 4.4.1 and JUnit 4). A test over its
 * time ends the run unless its framework ends it. Ids are `pkg.Class$Nested::method[2]`, in a module `:module:test > pkg.Class::method`.
 */
export class GradleRunner implements TestRunner {
  readonly name = "gradle";
  private readonly sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  async run(request: RunTests): Promise<TestRun> {
    const { profile, workspace, selection, shuffleSeed, testMsMax = defaultTestMsMax, limits } = request;
    return await observeDriver(this.sandbox, request, {
      runner: this.name,
      env: { ...compiledEnvironment(profile), JAVA_HOME: dirname(dirname(profile.interpreter)) },
      job: {
        gradleHome: gradleHomeOf(profile.mounts),
        cache: gradleCacheOf(profile.mounts) ?? "/nowhere",
        repository: mavenRepositoryTarget,
        files: workspace.snapshot.files.filter((file) => relevantFile.test(file)),
        selection,
        ...(shuffleSeed === undefined ? {} : { shuffleSeed }),
        testMsMax: Math.min(testMsMax, limits.wallMsMax / 2),
      },
    });
  }
}
