// The server under load, in a process of its own: prints its address, then its heap in bytes whenever it is asked for it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SqliteApiKeys, SqliteMutationLog } from "#store";
import { FakeProject } from "../fakes/fake-project.ts";
import { httpDaemon } from "./http-daemon.ts";
import { scratch } from "./scratch.ts";

const plenty = 1_000_000_000;
const runs = 200;

await using folder = await scratch();
const path = join(folder.path, "journal.db");
using keys = await SqliteApiKeys.open(path);
await using mutations = await SqliteMutationLog.open(path);
const project = new FakeProject();
for (let n = 0; n < runs; n++) project.addRun("default");
await using daemon = await httpDaemon({
  handlers: project.handlers(keys, mutations),
  mutations,
  rateLimits: { addressPerMinuteMax: plenty, keyPerMinuteMax: plenty, failedPerMinuteMax: plenty },
});

// Beside it: what Node itself takes for the same bytes, with nothing in between.
const content = await (await daemon.ask("/v1/runs?limit=20")).text();
const bare = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(content);
}).listen(0, "127.0.0.1");
await new Promise((resolve) => bare.once("listening", resolve));
process.send?.({ daemon: daemon.url, bare: `http://127.0.0.1:${(bare.address() as AddressInfo).port}` });

const { promise: over, resolve: end } = Promise.withResolvers<void>();
process.on("message", () => {
  globalThis.gc?.();
  process.send?.({ heapBytes: process.memoryUsage().heapUsed, residentBytes: process.memoryUsage.rss() });
});
process.once("disconnect", end);
await over;
bare.close();
