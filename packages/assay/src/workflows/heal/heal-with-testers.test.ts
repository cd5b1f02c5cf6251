import { generateKeyPairSync } from "node:crypto";
import { type CheckOutput, checkInputSchema, type TestOutcome } from "@assay/sdk";
import { expect, test } from "vitest";
import { nothingSpent, raise } from "#domain";
import { JournalQueue } from "#engine";
import type { Proposer } from "#ports";
import { signerFor, signWorkStatement, verifyReceipt } from "#receipt";
import { MemoryWorkerRegistry } from "#store";
import { checkOutputOf } from "../../../test/support/check-output.ts";
import { madeUpProject } from "../../../test/support/made-up-project.ts";
import type { AttestationDesk } from "../shared/attest/attestation-desk.ts";

/** Proposes these in turn, as a person would who cannot test. */
function saying(...words: string[]): Proposer {
  return {
    name: "search",
    propose: async () => ({
      candidates: words.map((word) => ({
        id: `say-${word}`,
        edits: [{ kind: "update" as const, path: "a.py", oldStr: "bad", newStr: word }],
        provenance: { proposer: "search", method: "script", summary: `say ${word}` },
      })),
      tried: words.length,
      spent: nothingSpent,
      suspects: [],
    }),
  };
}

type Place = {
  words: string[];
  /** What the tester makes of a file that says this. */
  reports: (content: string) => TestOutcome;
  changes?: Partial<CheckOutput>;
  granted?: boolean;
  sampleRate?: number;
  /** Somebody else finds the tester wrong when it was looked up so often. */
  revokedAfter?: number;
  /** The run halts there, the tester is found wrong meanwhile, and the run goes on. */
  haltedAt?: "signing" | "approval";
};

const honest = (content: string): TestOutcome => (content.includes("good") ? "passed" : "failed");

/** A run that heals with a tester beside it. */
async function healing({
  words,
  reports,
  changes = {},
  granted = true,
  sampleRate = 0,
  revokedAfter,
  haltedAt,
}: Place) {
  const queue = new JournalQueue();
  const registry = new MemoryWorkerRegistry({ tenant: "default" });
  const own = signerFor(generateKeyPairSync("ed25519").privateKey);
  const publicKey = own.publicKeyPem;
  const { id } = await registry.register({ name: "t", role: "tester", capabilities: [], publicKey });
  await registry.grantAttest(id, granted);
  let looked = 0;
  const attestation: AttestationDesk = {
    registry: {
      get: async (worker) => {
        looked += 1;
        if (revokedAfter !== undefined && looked > revokedAfter) await registry.revoke(worker, "found wrong elsewhere");
        return await registry.get(worker);
      },
      count: (worker, what) => registry.count(worker, what),
    },
    secret: new Uint8Array(32),
    policy: { sampleRate },
    hasTester: async () => (await registry.get(id))?.revoked === undefined,
    revoke: (worker, because) => registry.revoke(worker, because),
  };
  let signings = 0;
  const signer = async () => {
    signings += 1;
    if (haltedAt === "signing" && signings === 1) raise("disk-full", "no space left for the key");
    return undefined;
  };
  const approve = haltedAt === "approval" ? { approve: "before-apply" as const } : {};
  const parts = { queue, attestation, signer };
  const place = await madeUpProject(() => [saying(...words)], { testers: "workers", ...approve }, parts);
  const stop = new AbortController();
  const working = (async () => {
    for (;;) {
      const claim = await queue.claim({ id, role: "tester", capabilities: [] }, stop.signal);
      if (claim === undefined) return;
      const { run, task, input } = claim.offer;
      const read = async (digest: typeof input) => new TextDecoder().decode(await place.blobs.get(digest));
      const { files } = checkInputSchema.parse(JSON.parse(await read(input)));
      const file = files.find(({ path }) => path === "a.py") ?? expect.fail("a.py was not sent");
      const report = checkOutputOf(reports(await read(file.digest)), { test: "test_a", file: "test_a.py", ...changes });
      const output = await place.blobs.put(JSON.stringify(report));
      const statement = { run, task, token: claim.token, worker: id, outcome: "done" as const, output };
      const envelope = await place.blobs.put(JSON.stringify(signWorkStatement(statement, own)));
      await queue.finish(run, task, claim.token, { outcome: "done", output, statement: envelope, detail: "" });
    }
  })();
  const begun = await place.start();
  const { run } = begun;
  if (haltedAt !== undefined) {
    expect(begun.result.outcome).toBe("paused");
    await registry.revoke(id, "found wrong elsewhere");
    const patch = (await place.engine.read(run)).events.findLast((event) => event.type === "candidate-proposed")?.patch;
    if (haltedAt === "approval") await place.engine.signal(run, "approval", { approved: true, by: "Ada", run, patch });
  }
  const { result } = haltedAt === undefined ? begun : await place.engine.resume(run);
  stop.abort();
  await working;
  const { events } = await place.engine.read(run);
  const source = await place.source();
  const verdicts = events.filter((event) => event.type === "verdict-reached").map(({ verdict }) => verdict.kind);
  const violations = events.filter((event) => event.type === "violation-found" && event.kind === "capability");
  const told = events.filter((event) => event.type === "task-finished").length;
  const observers = await observersIn(result.bundle);
  await place[Symbol.asyncDispose]();
  return { id, result, verdicts, violations, told, observers, source, worker: await registry.get(id) };
}

/** Who made the two runs with the change, as a receipt says that holds in all but whose key signed it. */
async function observersIn(bundle: string | undefined): Promise<(string | undefined)[]> {
  if (bundle === undefined) return [];
  const verified = await verifyReceipt(bundle, { trusted: new Map() });
  expect(verified.checks.filter(({ status }) => status === "failed").map(({ name }) => name)).toEqual(["signer"]);
  const evidence =
    verified.kind === "invalid" || verified.receipt === undefined
      ? []
      : verified.receipt.statement.predicate.assay.evidence;
  return evidence.flatMap(({ purpose, worker }) => (purpose === "check" || purpose === "recheck" ? [worker] : []));
}

test("a tester that may attest makes the first run of each candidate; this machine the second, and the receipt says who", async () => {
  const { id, result, verdicts, told, observers } = await healing({ words: ["worse", "good"], reports: honest });
  expect([result.outcome, verdicts, told]).toEqual(["accepted", ["rejected", "accepted"], 2]);
  expect(observers).toEqual([id, undefined]);
});

test("a tester that was not granted to attest is not believed, whatever it reports", async () => {
  const { result, verdicts, observers } = await healing({
    words: ["worse", "good"],
    reports: () => "passed",
    granted: false,
  });
  expect([result.outcome, verdicts]).toEqual(["accepted", ["rejected", "accepted"]]);
  expect(observers).toEqual([undefined, undefined]);
});

test("a tester that lies is revoked at its first lie, and no verdict is another for it", async () => {
  for (const lie of ["passed", "failed"] as const) {
    const reports = () => lie;
    const { id, result, verdicts, violations, observers, worker } = await healing({
      words: ["worse", "good"],
      reports,
    });
    expect([result.outcome, verdicts]).toEqual(["accepted", ["rejected", "accepted"]]);
    expect(worker?.revoked?.because).toContain("test_a: reported as");
    expect(violations).toMatchObject([{ subjects: [id] }]);
    expect(observers).toEqual([undefined, undefined]);
  }
});

test("what a tester says of its level raises no verdict, and the sample finds it", async () => {
  const changes = { level: "out-of-process" } as const;
  const unsampled = await healing({ words: ["good"], reports: honest, changes });
  expect(unsampled.result.verdict).toMatchObject({ kind: "accepted", level: "in-process" });
  const sampled = await healing({ words: ["good"], reports: honest, changes, sampleRate: 1 });
  expect(sampled.worker?.revoked?.because).toContain("the level: reported as out-of-process");
  expect(sampled.observers).toEqual([undefined, undefined]);
});

test("what rests on a tester that was found wrong since is checked again here before it is locked in", async () => {
  const { result, verdicts, observers } = await healing({ words: ["good"], reports: honest, revokedAfter: 1 });
  expect([result.outcome, verdicts]).toEqual(["accepted", ["accepted", "accepted"]]);
  expect(observers).toEqual([undefined, undefined]);
});

test("and so is what was to be locked in when the run halted, and the tester was found wrong before it went on", async () => {
  const { result, verdicts, observers } = await healing({ words: ["good"], reports: honest, haltedAt: "signing" });
  expect([result.outcome, verdicts]).toEqual(["accepted", ["accepted", "accepted"]]);
  expect(observers).toEqual([undefined, undefined]);
});

test("what waited for its approval while a tester that it rests on was found wrong is not applied", async () => {
  const { result, source } = await healing({ words: ["good"], reports: honest, haltedAt: "approval" });
  expect(result).toMatchObject({ outcome: "accepted", applied: false, fault: { code: "worker-revoked" } });
  expect(source).toBe("a = bad\n");
});

test("where no testers are served, a run that wants them pauses and says where they are", async () => {
  await using place = await madeUpProject(() => [saying("good")], { testers: "workers" });
  const { result } = await place.start();
  expect(result).toMatchObject({ outcome: "paused", fault: { code: "stopped" } });
});
