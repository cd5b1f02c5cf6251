import type { RunTests, Sandbox, TestRun, TestRunner } from "#ports";
import { compiledEnvironment } from "../compiled/environment.ts";
import { observeDriver } from "../compiled/observe-driver.ts";

export class MavenRunner implements TestRunner {
  readonly name = "maven";
  private readonly sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  async run(request: RunTests): Promise<TestRun> {
    const { profile, selection } = request;
    return await observeDriver(this.sandbox, request, {
      runner: this.name,
      env: compiledEnvironment(profile),
      job: { selection },
    });
  }
}
