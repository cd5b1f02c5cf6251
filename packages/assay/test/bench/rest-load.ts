// node packages/assay/test/bench/rest-load.ts [REQUESTS] — what the HTTP server takes, and whether its memory stays flat.
import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { localKey } from "../support/http-daemon.ts";

const requests = Number(process.argv[2] ?? 10_000);
const connections = 32;
const rounds = 4;

type Ask = { name: string; url: string; path: string; body?: string; status: number };

const child = fork(fileURLToPath(new URL("../support/rest-load-server.ts", import.meta.url)), {
  execArgv: ["--expose-gc"],
});
const urls = z.object({ daemon: z.url(), bare: z.url() }).parse((await once(child, "message"))[0]);
const goal = { kind: "heal", root: "/project", tests: ["tests/test_a.py::test_a"], apply: false };
const daemon = urls.daemon;
const bare: Ask = { name: "bare node:http", url: urls.bare, path: "/", status: 200 };
const list: Ask = { name: "GET /v1/runs (20 runs)", url: daemon, path: "/v1/runs?limit=20", status: 200 };
const badRun = JSON.stringify({ goal: { ...goal, root: 7 } });
const cases: readonly Ask[] = [
  bare,
  list,
  { name: "GET /v1/runs (200 runs)", url: daemon, path: "/v1/runs?limit=200", status: 200 },
  {
    name: "POST /v1/emergency-stop, audited",
    url: daemon,
    path: "/v1/emergency-stop",
    body: '{"reason":"load"}',
    status: 200,
  },
  { name: "POST /v1/runs, refused by its schema", url: daemon, path: "/v1/runs", body: badRun, status: 400 },
];

for (const ask of cases) await load(ask, 500);
const before = await memory();
for (const ask of cases) print(ask, await load(ask, ask.body === undefined ? requests : requests / 4));
process.stdout.write(`heap after GC: ${mebibytes(before.heapBytes)}`);
for (let round = 0; round < rounds; round++) {
  await load(list, requests);
  const { heapBytes, residentBytes } = await memory();
  process.stdout.write(` → ${mebibytes(heapBytes)} (resident ${mebibytes(residentBytes)})`);
}
process.stdout.write(` after ${rounds} × ${requests} more requests\n`);
child.disconnect();
await once(child, "exit");

/** `count` requests over connections that are kept; how long each took, in milliseconds, and all together. */
async function load(ask: Ask, count: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const took: number[] = [];
  let left = count;
  const begun = performance.now();
  const client = async () => {
    while (left-- > 0) {
      const at = performance.now();
      const status = await send(ask, agent);
      if (status !== ask.status) throw new Error(`${ask.name}: answered ${status} instead of ${ask.status}`);
      took.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const seconds = (performance.now() - begun) / 1_000;
  agent.destroy();
  return { took: took.sort((a, b) => a - b), perSecond: count / seconds };
}

function send({ url, path, body }: Ask, agent: Agent): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = {
    authorization: `Bearer ${localKey}`,
    ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
  };
  const sent = request(
    new URL(path, url),
    { agent, method: body === undefined ? "GET" : "POST", headers },
    (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    },
  );
  sent.once("error", reject).end(body);
  return promise;
}

async function memory() {
  child.send("memory");
  const [said] = await once(child, "message");
  return z.object({ heapBytes: z.number(), residentBytes: z.number() }).parse(said);
}

function print({ name }: Ask, { took, perSecond }: Awaited<ReturnType<typeof load>>): void {
  const at = (share: number) => (took[Math.floor(share * (took.length - 1))] ?? 0).toFixed(1);
  process.stdout.write(
    `${name.padEnd(38)} ${perSecond.toFixed(0).padStart(6)}/s  p50 ${at(0.5)} ms  p99 ${at(0.99)} ms\n`,
  );
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
