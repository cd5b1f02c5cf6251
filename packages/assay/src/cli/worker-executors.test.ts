import { join } from "node:path";
import { expect, test } from "vitest";
import { configHome } from "../../test/support/config-home.ts";
import { workerExecutors } from "./worker-executors.ts";

const { folder } = configHome();

const refused = (options: Parameters<typeof workerExecutors>[0], message: string) =>
  expect(workerExecutors(options)).rejects.toMatchObject({
    fault: { code: "usage", message: expect.stringContaining(message), remedy: expect.any(String) },
  });

test("a folder of dependencies that is missing, or none, is refused before there is a task", async () => {
  const environment = join(folder().path, "nowhere");
  await refused({ role: "tester", environment, proposer: [] }, `${environment} is not there`);
  await folder().tree(".", { "a-file": "text" });
  await refused({ role: "analyzer", environment: join(folder().path, "a-file"), proposer: [] }, "is no folder");
  expect(await workerExecutors({ role: "tester", environment: folder().path, proposer: [] })).toHaveProperty("check");
});

test("models and agents that nobody here knows are refused before there is a task", async () => {
  await refused({ role: "coder", proposer: ["search", "model:foo"] }, "there is no model foo");
  await refused({ role: "coder", proposer: ["agent:foo"] }, "there is no agent foo");
  await refused({ role: "coder", proposer: ["human"] }, "a worker cannot propose by human");
  await refused({ role: "tester", proposer: ["search"] }, "a tester proposes nothing");
  expect(await workerExecutors({ role: "coder", proposer: ["search"] })).toHaveProperty("propose");
});
