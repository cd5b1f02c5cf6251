import { dirname } from "node:path";
import type { RunTests, Sandbox, TestRun, TestRunner } from "#ports";
import { buildToolTarget } from "../../detect/java/build-tool.ts";
import { mavenRepositoryTarget } from "../../detect/java/maven-repository.ts";
import { compiledEnvironment } from "../compiled/environment.ts";
import { observeDriver } from "../compiled/observe-driver.ts";

const defaultTestMsMax = 60_000;

/**
 * `mvn test`, offline, seen through a listener of the JUnit Platform that is put on the tests' class path: the plan is collected
 * before anything of it runs, and what tests print is no event. It needs surefire 2.22 or later; JUnit 4 needs the vintage engine.
 * A test that cannot be interrupted ends the run when its time is over. Ids are `pkg.Class$Nested::method[2]`.
 */
export class MavenRunner implements TestRunner {
  readonly name = "maven";
  private readonly sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  async run(request: RunTests): Promise<TestRun> {
    const { profile, workspace, selection, shuffleSeed, testMsMax = defaultTestMsMax, limits } = request;
    const common = compiledEnvironment(profile);
    const env = {
      ...common,
      PATH: `${buildToolTarget}/bin:${common.PATH}`,
      JAVA_HOME: dirname(dirname(profile.interpreter)),
      MAVEN_OPTS: "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto",
      MAVEN_SKIP_RC: "true",
    };
    return await observeDriver(this.sandbox, request, {
      runner: this.name,
      env,
      job: {
        java: profile.interpreter,
        repository: mavenRepositoryTarget,
        files: workspace.snapshot.files.filter((file) => /\.(?:java|kt)$|(?:^|\/)pom\.xml$/.test(file)),
        selection,
        ...(shuffleSeed === undefined ? {} : { shuffleSeed }),
        testMsMax: Math.min(testMsMax, limits.wallMsMax / 2),
      },
    });
  }
}
