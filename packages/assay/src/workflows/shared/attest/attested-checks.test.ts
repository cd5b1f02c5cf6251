import { generateKeyPairSync } from "node:crypto";
import type { CheckInput, CheckOutput, Digest, TestOutcome } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JournalQueue, type Run } from "#engine";
import type { RegisteredWorker } from "#ports";
import { type Signer, signerFor, signWorkStatement } from "#receipt";
import { MemoryBlobs } from "#store";
import { goal, memoryEngine, workflow } from "../../../../test/support/engine-parts.ts";
import { TurnedClock } from "../../../../test/support/turned-clock.ts";
import type { AttestationDesk } from "./attestation-desk.ts";
import { AttestedChecks, type Checked } from "./attested-checks.ts";
import { sampleDraw } from "./sample-draw.ts";

const secret = new Uint8Array(32).fill(7);
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

const limits = {
  wallMsMax: 1000,
  cpuSecondsMax: 1,
  memoryBytesMax: 1,
  processesMax: 1,
  fileBytesMax: 1,
  diskBytesMax: 1,
  outputBytesMax: 1,
};
const input: CheckInput = {
  version: 1,
  kind: "check",
  base: `sha256:${"a".repeat(64)}` as Digest,
  files: [],
  suite: { runner: "pytest", oracleFiles: [], selection: [], limits },
};

type Place = {
  reports: readonly TestOutcome[];
  sees?: readonly TestOutcome[];
  attest?: boolean;
  sampleRate?: number;
  tester?: boolean;
  signedBy?: Signer;
};

/** A run that checks as often as there are reports, and a tester that reports these. */
async function checking({ reports, sees = ["passed"], attest = true, sampleRate = 0, tester = true, signedBy }: Place) {
  const signer = signerFor(generateKeyPairSync("ed25519").privateKey);
  const queue = new JournalQueue({ clock: new TurnedClock() });
  const blobs = new MemoryBlobs();
  const worker: RegisteredWorker = {
    id: "w1",
    name: "w",
    role: "tester",
    capabilities: [],
    publicKey: signer.publicKeyPem,
    attest,
    registeredAt: 0,
    lastSeenAt: 0,
    done: 0,
    failed: 0,
    reexecuted: { agreed: 0, differed: 0 },
  };
  const desk: AttestationDesk = {
    registry: {
      get: async (id) => (id === worker.id ? worker : undefined),
      count: async (_id, what) => {
        if (what === "agreed" || what === "differed") worker.reexecuted[what]++;
      },
    },
    secret,
    policy: { sampleRate },
    hasTester: async () => tester,
    revoke: async (_id, because) => {
      worker.revoked = { at: 1, because };
    },
  };
  const executions: string[] = [];
  const flow = workflow(async (run: Run) => {
    const checks = new AttestedChecks<string>(run, blobs, desk);
    const all: Checked<string>[] = [];
    for (const [index] of reports.entries()) {
      const key = `c${index}`;
      // Only the last one is sampled, where the rate is to change.
      if (index === reports.length - 1 && sampleRate === 0.5) desk.policy = { sampleRate: 1 };
      else if (sampleRate === 0.5) desk.policy = { sampleRate: 0 };
      all.push(
        await checks.check({
          key,
          input,
          here: (nth) =>
            run.step(`${key}.here-${nth}`, {}, () => {
              executions.push(`${key}.${nth}`);
              const seen = outputOf(sees[executions.length - 1] ?? sees.at(-1) ?? "passed");
              return { seen, result: `${key} here` };
            }),
          keep: async (output, who) => `${key} by ${who}: ${output.report.results[0]?.outcome}`,
        }),
      );
    }
    return all;
  });
  const stop = new AbortController();
  const working = (async () => {
    for (const outcome of reports) {
      const claim = await queue.claim({ id: "w1", role: "tester", capabilities: [] }, stop.signal);
      if (claim === undefined) return;
      const { run, task } = claim.offer;
      const output = await blobs.put(JSON.stringify(outputOf(outcome)));
      const statement = { run, task, token: claim.token, worker: "w1", outcome: "done" as const, output };
      const envelope = signWorkStatement(statement, signedBy ?? signer);
      const result = { output, statement: await blobs.put(JSON.stringify(envelope)), detail: "" };
      await queue.finish(run, task, claim.token, { outcome: "done", ...result });
    }
  })();
  const { result } = await memoryEngine({ queue, blobs, clock: new TurnedClock() }).start(flow, goal);
  stop.abort();
  await working;
  return { checked: JSON.parse(result.summary) as Checked<string>[], executions, worker };
}

describe("a check", () => {
  test("by a tester that may attest is evidence that names it, and is not made here", async () => {
    const { checked, executions } = await checking({ reports: ["passed"] });
    expect(checked).toEqual([{ result: "c0 by w1: passed", worker: "w1", redone: [] }]);
    expect(executions).toEqual([]);
  });

  test("is made here where there is no tester, it may not attest, or did not sign", async () => {
    const other = signerFor(generateKeyPairSync("ed25519").privateKey);
    for (const how of [{ tester: false }, { attest: false }, { signedBy: other }]) {
      const { checked, executions, worker } = await checking({ reports: ["passed"], ...how });
      expect(checked).toEqual([{ result: "c0 here", redone: [] }]);
      expect(executions).toEqual(["c0.1"]);
      expect(worker.revoked).toBeUndefined();
    }
  });

  test("that is sampled is made here again, and agreement is counted", async () => {
    const { checked, executions, worker } = await checking({ reports: ["passed"], sampleRate: 1 });
    expect(checked).toEqual([{ result: "c0 here", redone: [] }]);
    expect(executions).toEqual(["c0.1"]);
    expect(worker.reexecuted).toEqual({ agreed: 1, differed: 0 });
  });

  test("that is contradicted twice has its worker revoked, and all that it reported before made again", async () => {
    const reports = ["passed", "passed", "failed"] as const;
    const { checked, executions, worker } = await checking({ reports, sampleRate: 0.5 });
    expect(checked.map(({ result }) => result)).toEqual(["c0 by w1: passed", "c1 by w1: passed", "c2 here"]);
    expect(checked[2]?.redone).toEqual([
      { key: "c0", result: "c0 here" },
      { key: "c1", result: "c1 here" },
    ]);
    expect(executions).toEqual(["c2.1", "c2.2", "c0.1", "c1.1"]);
    expect(worker.revoked?.because).toContain("a: reported as failed, seen as passed");
    expect(worker.reexecuted).toEqual({ agreed: 0, differed: 1 });
  });

  test("of a test that comes and goes revokes nobody", async () => {
    const { worker, executions } = await checking({ reports: ["passed"], sees: ["failed", "passed"], sampleRate: 1 });
    expect(executions).toEqual(["c0.1", "c0.2"]);
    expect(worker.revoked).toBeUndefined();
    expect(worker.reexecuted).toEqual({ agreed: 1, differed: 0 });
  });
});

describe("the draw", () => {
  test("is the same for the same claim, spread evenly, and another with another secret", () => {
    const claim = (token: number) => ({ run: "heal-00000001", task: "t", token });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (token) => {
        const draw = sampleDraw(secret, claim(token));
        expect(draw).toBe(sampleDraw(secret, claim(token)));
        expect(draw).not.toBe(sampleDraw(new Uint8Array(32), claim(token)));
        expect(draw >= 0 && draw < 1).toBe(true);
      }),
    );
    const sampled = Array.from({ length: 10_000 }, (_, n) => sampleDraw(secret, claim(n + 1))).filter((x) => x < 0.1);
    expect(sampled.length).toBeGreaterThan(850);
    expect(sampled.length).toBeLessThan(1150);
  });
});
