import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { AssayClient, type Goal, type Verdict } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { EventTail } from "#app";
import { runId } from "#domain";
import { EventStreams } from "#server";
import { MemoryJournal } from "#store";
import { httpDaemon, localKey } from "../support/http-daemon.ts";
import { appendTo } from "../support/noting.ts";

const result = { type: "result", outcome: "accepted", exitCode: 0, summary: "The failing test passes." } as const;
/** As the first run of the fake project is called. */
const first = runId("heal-fake00000001");

/** The HTTP server before a fake project, with the events of a journal. */
async function daemonWithEvents() {
  const journal = new MemoryJournal();
  const tail = new EventTail(journal);
  const streams: EventStreams = new EventStreams({ tailOf: () => tail, stillAllowed: () => true });
  const daemon = await httpDaemon({ serveEvents: (...asked) => streams.serve(...asked) });
  return {
    ...daemon,
    journal,
    streams,
    async [Symbol.asyncDispose]() {
      streams.close();
      await daemon[Symbol.asyncDispose]();
    },
  };
}

/** Runs one of the examples as its first line says. */
function example(url: string, name: string, args: readonly string[]) {
  const path = fileURLToPath(new URL(`../../../../examples/sdk/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    env: { PATH: process.env.PATH ?? "", ASSAY_URL: url, ASSAY_API_KEY: localKey },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, printed }));
  return { child, ended };
}

describe("the examples of the client", () => {
  test("heal a project and show what was proven", async () => {
    await using daemon = await daemonWithEvents();
    const verdict: Verdict = {
      kind: "accepted",
      reasons: [{ code: "all-expected-passed", detail: "all passed", subjects: [] }],
      evidence: [],
      level: "controlled",
    };
    await appendTo(daemon.journal, [{ type: "verdict-reached", candidate: "c1", verdict }, result], first);
    const { ended } = example(daemon.url, "heal", ["/project"]);
    expect(await ended).toEqual({
      code: 0,
      printed: `c1: accepted\naccepted: The failing test passes.\n${first}\n\nreceipt: matches\n`,
    });
  });

  test("tell what becomes of every run until they are interrupted", async () => {
    await using daemon = await daemonWithEvents();
    const { child, ended } = example(daemon.url, "results", []);
    while (daemon.streams.open === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await appendTo(daemon.journal, [{ type: "run-cancelled", by: "Ada" }], first);
    await appendTo(daemon.journal, [result], first);
    await once(child.stdout, "data");
    child.kill("SIGINT");
    expect(await ended).toEqual({ code: 0, printed: `2 ${first} accepted: The failing test passes.\n` });
  });

  test("approve a change, and say so where there is none", async () => {
    await using daemon = await daemonWithEvents();
    const { run } = daemon.project.addRun("default");
    const approved = { code: 0, printed: "approved by Ada\naccepted: The failing test passes.\n" };
    expect(await example(daemon.url, "approve", [run, "Ada"]).ended).toEqual(approved);
    const missing = { code: 1, printed: "run-not-found: there is no run heal-nobody001\n" };
    expect(await example(daemon.url, "approve", ["heal-nobody001", "Ada"]).ended).toEqual(missing);
  });
});

describe("a client of the HTTP server", () => {
  test("gets its problems as they are told, and nothing without a key", async () => {
    await using daemon = await daemonWithEvents();
    const stranger = new AssayClient({ url: daemon.url, key: "assay_wrong" });
    await expect(stranger.runs.list()).rejects.toMatchObject({ status: 401, code: "unauthorized" });
    await expect(stranger.events().next()).rejects.toMatchObject({ status: 401, code: "unauthorized" });
    const client = new AssayClient({ url: daemon.url, key: localKey });
    await expect(client.events({ after: 5 }).next()).rejects.toMatchObject({ status: 409, code: "journal-conflict" });
    const badGoal = { kind: "heal", root: 7 } as never;
    await expect(client.runs.create(badGoal)).rejects.toMatchObject({ status: 400, problem: { errors: [{}, {}, {}] } });
  });

  test("begins a run once for each idempotency key, and makes keys with scopes", async () => {
    await using daemon = await daemonWithEvents();
    const client = new AssayClient({ url: daemon.url, key: localKey });
    const goal: Goal = { kind: "heal", root: "/project", tests: [], apply: false };
    const made = await client.runs.create(goal, { idempotencyKey: "monday" });
    expect(await client.runs.create(goal, { idempotencyKey: "monday" })).toEqual(made);
    expect((await client.runs.list({ limit: 10 })).items).toHaveLength(1);
    const { key, view } = await client.keys.create({ name: "reader", scopes: ["read"] });
    const reader = new AssayClient({ url: daemon.url, key });
    expect((await reader.runs.wait(made.run)).outcome).toBe("accepted");
    await expect(reader.runs.cancel(made.run)).rejects.toMatchObject({ status: 403, code: "forbidden" });
    await client.keys.revoke(view.id);
    await expect(reader.runs.list()).rejects.toMatchObject({ status: 401 });
    const digest = await client.blobs.keep(new TextEncoder().encode("kept"));
    expect(new TextDecoder().decode(await client.blobs.read(digest))).toBe("kept");
  });
});
