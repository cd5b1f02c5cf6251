import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Scratch, scratch } from "../../test/support/scratch.ts";
import { workerExecutors } from "./worker-executors.ts";

let home: Scratch;
beforeEach(async () => {
  home = await scratch();
  vi.stubEnv("XDG_CONFIG_HOME", home.path);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await home[Symbol.asyncDispose]();
});

const refused = (options: Parameters<typeof workerExecutors>[0], message: string) =>
  expect(workerExecutors(options)).rejects.toMatchObject({
    fault: { code: "usage", message: expect.stringContaining(message), remedy: expect.any(String) },
  });

test("a folder of dependencies that is missing, or none, is refused before there is a task", async () => {
  const environment = join(home.path, "nowhere");
  await refused({ role: "tester", environment, proposer: [] }, `${environment} is not there`);
  await home.tree(".", { "a-file": "text" });
  await refused({ role: "analyzer", environment: join(home.path, "a-file"), proposer: [] }, "is no folder");
  expect(await workerExecutors({ role: "tester", environment: home.path, proposer: [] })).toHaveProperty("check");
});

test("models and agents that nobody here knows are refused before there is a task", async () => {
  await refused({ role: "coder", proposer: ["search", "model:foo"] }, "there is no model foo");
  await refused({ role: "coder", proposer: ["agent:foo"] }, "there is no agent foo");
  await refused({ role: "coder", proposer: ["human"] }, "a worker cannot propose by human");
  await refused({ role: "tester", proposer: ["search"] }, "a tester proposes nothing");
  expect(await workerExecutors({ role: "coder", proposer: ["search"] })).toHaveProperty("propose");
});
