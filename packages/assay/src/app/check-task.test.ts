import { generateKeyPairSync } from "node:crypto";
import type { Goal, PlannedTask, TestOutcome } from "@assay/sdk";
import { expect, test } from "vitest";
import { suiteLimits } from "#domain";
import { JournalQueue, type Workflow } from "#engine";
import { signerFor, signWorkStatement } from "#receipt";
import { MemoryBlobs } from "#store";
import { type AttestationDesk, planWorkflow } from "#workflows";
import { checkOutputOf, registeredTester, strongIsolation } from "../../test/support/check-output.ts";
import { memoryEngine } from "../../test/support/engine-parts.ts";
import { TurnedClock } from "../../test/support/turned-clock.ts";
import type { CheckTaskParts } from "./check-task.ts";
import { delegateTask } from "./delegate-task.ts";

type Place = { here: TestOutcome; reported?: TestOutcome; attest?: boolean; written?: string[]; sampleRate?: number };

/** A plan of one check, with a tester beside it where one reports. */
async function checking({ here, reported, attest = false, written = [], sampleRate = 0 }: Place) {
  const blobs = new MemoryBlobs();
  const queue = new JournalQueue({ clock: new TurnedClock() });
  const file = { path: "t.py", digest: await blobs.put("a test"), bytes: 6 };
  const signer = signerFor(generateKeyPairSync("ed25519").privateKey);
  const tester = registeredTester({ attest, publicKey: signer.publicKeyPem });
  const revoked: string[] = [];
  const attestation: AttestationDesk = {
    registry: { get: async () => tester, count: async () => undefined },
    secret: new Uint8Array(32),
    policy: { sampleRate },
    hasTester: async () => reported !== undefined,
    revoke: async (_worker, because) => void revoked.push(because),
  };
  const executed: string[][] = [];
  const parts: CheckTaskParts = {
    blobs,
    root: "/project",
    attestation,
    sandbox: { execute: async () => ({ isolation: strongIsolation }) } as unknown as CheckTaskParts["sandbox"],
    execute: async (files) => {
      executed.push(files.map(({ path }) => path));
      return checkOutputOf(here, { written });
    },
  };
  const suite = { runner: "pytest" as const, oracleFiles: ["t.py"], selection: [], limits: suiteLimits };
  const input = { version: 1, kind: "check", base: file.digest, files: [file], suite };
  const work = { kind: "delegate" as const, task: "check" as const, role: "tester" as const, capabilities: [], input };
  const task: PlannedTask = { key: "check", title: "check it", dependsOn: [], phase: 0, resources: {}, work };
  const plan = { tasks: [task], resourceLimits: {}, parallelMax: 1, onFailure: "continue" as const };
  const goal: Goal = { kind: "plan", root: "/project", title: "a plan", plan };
  const flow = planWorkflow({
    workflowOf: () => expect.fail("no goal is part of the plan"),
    delegate: delegateTask(parts),
    progress: () => undefined,
  }) as unknown as Workflow;
  const stop = new AbortController();
  const working = (async () => {
    const claim = await queue.claim({ id: "w1", role: "tester", capabilities: [] }, stop.signal);
    if (claim === undefined || reported === undefined) return;
    const output = await blobs.put(JSON.stringify(checkOutputOf(reported, { written })));
    const { run, task } = claim.offer;
    const said = { run, task, token: claim.token, worker: "w1", outcome: "done" as const, output };
    const statement = await blobs.put(JSON.stringify(signWorkStatement(said, signer)));
    await queue.finish(run, task, claim.token, { outcome: "done", output, statement, detail: "" });
  })();
  const engine = memoryEngine({ queue, blobs, clock: new TurnedClock(), workflows: [flow] });
  const { run, result } = await engine.start(flow, goal);
  stop.abort();
  await working;
  const ends = (await engine.read(run)).events.flatMap((event) =>
    event.type === "task-finished" && event.task === "check" ? [`${event.outcome}: ${event.detail}`] : [],
  );
  return { result, ends, executed, revoked };
}

test("a check of a plan is done when its suite was seen to pass, and failed with the reason when not", async () => {
  const passed = await checking({ here: "passed" });
  expect([passed.result.outcome, passed.ends]).toEqual(["done", ["done: the suite passed, seen here"]]);
  expect(passed.executed).toEqual([["t.py"]]);
  const failed = await checking({ here: "failed" });
  expect([failed.result.outcome, failed.ends]).toEqual([
    "failed",
    ["failed: 1 of 1 tests did not pass: a failed (seen here)"],
  ]);
});

test("what a tester saw that may attest ends a check, by what it saw", async () => {
  const passed = await checking({ here: "failed", reported: "passed", attest: true });
  expect(passed.ends).toEqual(["done: the suite passed, seen by w1"]);
  const failed = await checking({ here: "passed", reported: "failed", attest: true });
  expect(failed.ends).toEqual(["failed: 1 of 1 tests did not pass: a failed (seen by w1)"]);
  expect([...passed.executed, ...failed.executed]).toEqual([]);
});

test("what a tester says that may not attest counts for nothing: the suite is run here", async () => {
  const { result, ends, executed } = await checking({ here: "failed", reported: "passed" });
  expect(result.outcome).toBe("failed");
  expect(ends).toEqual(["failed: 1 of 1 tests did not pass: a failed (seen here)"]);
  expect(executed).toHaveLength(1);
});

test("a check whose suite replaced a folder of tests has shown nothing, and is no defect", async () => {
  const { result, ends } = await checking({ here: "passed", written: ["tests/"] });
  expect([result.outcome, ends]).toEqual(["failed", ["failed: the suite wrote its own tests: tests/ (seen here)"]]);
});

test("what interpreters keep beside the tests is held against no tester that saw it too", async () => {
  const written = ["__pycache__/t.pyc"];
  const place = { here: "passed", reported: "passed", attest: true, sampleRate: 1, written } as const;
  const { result, revoked } = await checking({ ...place, written });
  expect([result.outcome, revoked]).toEqual(["done", []]);
});
