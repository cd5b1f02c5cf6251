import { readFile } from "node:fs/promises";
import { AssayClient } from "@assay/sdk";
import { expect, test } from "vitest";
import { openLog } from "#app";
import { serveProject } from "#server";
import { projectCopy } from "../support/run-assay.ts";
import { newKey, refusal, register } from "../support/worker-place.ts";

test("a daemon ends a worker's streams with its API key, and when it stops itself", async () => {
  await using scope = new AsyncDisposableStack();
  const { project } = scope.use(await projectCopy("python-prices"));
  const log = openLog("error");
  const server = await serveProject({ directory: project, host: "127.0.0.1", port: 0, runsMax: 1, queuedMax: 1, log });
  scope.defer(() => server.stop());
  const key = (await readFile(server.keyPath, "utf8")).trim();
  const client = new AssayClient({ url: server.url, key });
  const follow = async () => {
    const made = await client.keys.create({ name: "of a worker", scopes: ["workers"] });
    const { call } = await register(server.url, "connect-h2c", newKey(), made.key);
    const control = call.control({})[Symbol.asyncIterator]();
    await control.next();
    return { id: made.view.id, control };
  };
  const [ended, kept] = [await follow(), await follow()];
  await client.keys.revoke(ended.id);
  expect(await refusal(ended.control.next())).toBe("unauthorized");
  const last = kept.control.next();
  await server.stop();
  expect((await last).done).toBe(true);
});
