import type { CheckOutput, Goal, PlannedTask, TestOutcome } from "@assay/sdk";
import { expect, test } from "vitest";
import { suiteLimits } from "#domain";
import { JournalQueue, type Workflow } from "#engine";
import type { RegisteredWorker } from "#ports";
import { MemoryBlobs } from "#store";
import { type AttestationDesk, planWorkflow } from "#workflows";
import { memoryEngine } from "../../test/support/engine-parts.ts";
import { TurnedClock } from "../../test/support/turned-clock.ts";
import type { CheckTaskParts } from "./check-task.ts";
import { delegateTask } from "./delegate-task.ts";

const isolation = {
  kind: "bubblewrap" as const,
  uid: 1000,
  network: "none" as const,
  seccomp: true,
  memory: "cgroup-v2" as const,
  processes: "cgroup-v2" as const,
  workspace: "overlay" as const,
};

function outputOf(outcome: TestOutcome): CheckOutput {
  return {
    version: 1,
    kind: "check",
    report: {
      runner: "pytest",
      collected: ["a"],
      results: [{ id: "a", file: "t.py", outcome, durationMs: 1 }],
      collectionErrors: [],
      complete: true,
    },
    termination: { kind: "exited", code: 0 },
    isolation,
    level: "in-process",
    written: [],
    stdout: "",
    stderr: "",
    durationMs: 5,
  };
}

/** A plan of one check, with a tester beside it where one reports. */
async function checking({ here, reported }: { here: TestOutcome; reported?: TestOutcome }) {
  const blobs = new MemoryBlobs();
  const queue = new JournalQueue({ clock: new TurnedClock() });
  const file = { path: "t.py", digest: await blobs.put("a test"), bytes: 6 };
  const tester: RegisteredWorker = {
    id: "w1",
    name: "w",
    role: "tester",
    capabilities: [],
    publicKey: "",
    // Not granted: what it says is a claim.
    attest: false,
    registeredAt: 0,
    lastSeenAt: 0,
    done: 0,
    failed: 0,
    reexecuted: { agreed: 0, differed: 0 },
  };
  const attestation: AttestationDesk = {
    registry: { get: async () => tester, count: async () => undefined },
    secret: new Uint8Array(32),
    hasTester: async () => reported !== undefined,
    revoke: async () => undefined,
  };
  const executed: string[][] = [];
  const parts: CheckTaskParts = {
    blobs,
    root: "/project",
    attestation,
    sandbox: { execute: async () => ({ isolation }) } as unknown as CheckTaskParts["sandbox"],
    execute: async (files) => {
      executed.push(files.map(({ path }) => path));
      return outputOf(here);
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
    const output = await blobs.put(JSON.stringify(outputOf(reported)));
    await queue.finish(claim.offer.run, claim.offer.task, claim.token, { outcome: "done", output, detail: "" });
  })();
  const engine = memoryEngine({ queue, blobs, clock: new TurnedClock(), workflows: [flow] });
  const { run, result } = await engine.start(flow, goal);
  stop.abort();
  await working;
  const ends = (await engine.read(run)).events.flatMap((event) =>
    event.type === "task-finished" && event.task === "check" ? [`${event.outcome}: ${event.detail}`] : [],
  );
  return { result, ends, executed };
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

test("what a tester says that may not attest counts for nothing: the suite is run here", async () => {
  const { result, ends, executed } = await checking({ here: "failed", reported: "passed" });
  expect(result.outcome).toBe("failed");
  expect(ends).toEqual(["failed: 1 of 1 tests did not pass: a failed (seen here)"]);
  expect(executed).toHaveLength(1);
});
