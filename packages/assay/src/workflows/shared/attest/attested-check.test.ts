import { generateKeyPairSync } from "node:crypto";
import type { CheckInput, CheckOutput, Digest, TestOutcome } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SuiteSeen } from "#domain";
import { JournalQueue, type Run } from "#engine";
import { type Signer, signerFor, signWorkStatement } from "#receipt";
import { MemoryBlobs } from "#store";
import { checkOutputOf, registeredTester, strongIsolation } from "../../../../test/support/check-output.ts";
import { goal, memoryEngine, workflow } from "../../../../test/support/engine-parts.ts";
import { TurnedClock } from "../../../../test/support/turned-clock.ts";
import type { AttestationDesk } from "./attestation-desk.ts";
import { type Attested, attestedCheck, type CheckRequest, settleDoubt } from "./attested-check.ts";
import { sampleDraw } from "./sample-draw.ts";

const secret = new Uint8Array(32).fill(7);
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
  report?: CheckOutput;
  /** What executions here show, the last one again and again. */
  sees?: readonly TestOutcome[];
  /** What another execution shows afterwards, with which the report is compared. */
  afterwards?: TestOutcome;
  attest?: boolean;
  sampleRate?: number;
  tester?: boolean;
  signedBy?: Signer;
};

type Came = { result: string; by?: Attested | undefined; settled?: string | undefined };

/** A run that makes one check, and a tester that reports it. */
async function checking(place: Place) {
  const { report = checkOutputOf("passed"), sees = ["passed"], attest = true, sampleRate = 0, tester = true } = place;
  const signer = signerFor(generateKeyPairSync("ed25519").privateKey);
  const queue = new JournalQueue({ clock: new TurnedClock() });
  const blobs = new MemoryBlobs();
  const worker = registeredTester({ publicKey: signer.publicKeyPem, attest });
  const attestation: AttestationDesk = {
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
  const executions: number[] = [];
  const flow = workflow(async (run: Run): Promise<Came> => {
    const request: CheckRequest<string> = {
      key: "c",
      input: async () => input,
      isolation: strongIsolation,
      here: (nth) =>
        run.step(`c.here-${nth}`, {}, () => {
          executions.push(nth);
          return { seen: seenAs(sees[executions.length - 1] ?? sees.at(-1) ?? "passed"), result: `here ${nth}` };
        }),
      keep: async (output, who) => `${who}: ${output.report.results[0]?.outcome}`,
    };
    const parts = { blobs, attestation };
    const { result, by } = await attestedCheck(run, parts, request);
    if (place.afterwards === undefined || by === undefined) return { result, by };
    const after = { ...seenAs(place.afterwards), level: undefined };
    return { result, by, settled: await settleDoubt(run, parts, request, by, after) };
  });
  const stop = new AbortController();
  const working = (async () => {
    const claim = await queue.claim({ id: "w1", role: "tester", capabilities: [] }, stop.signal);
    if (claim === undefined) return;
    const { run, task } = claim.offer;
    const output = await blobs.put(JSON.stringify(report));
    const statement = { run, task, token: claim.token, worker: "w1", outcome: "done" as const, output };
    const envelope = signWorkStatement(statement, place.signedBy ?? signer);
    const result = { output, statement: await blobs.put(JSON.stringify(envelope)), detail: "" };
    await queue.finish(run, task, claim.token, { outcome: "done", ...result });
  })();
  const engine = memoryEngine({ queue, blobs, clock: new TurnedClock() });
  const { run, result } = await engine.start(flow, goal);
  stop.abort();
  await working;
  const violations = (await engine.read(run)).events.filter((event) => event.type === "violation-found");
  return { came: JSON.parse(result.summary) as Came, executions, worker, violations };
}

function seenAs(outcome: TestOutcome): SuiteSeen {
  const { report, termination, level, written } = checkOutputOf(outcome);
  return { report, termination, level, written };
}

describe("a check", () => {
  test("by a tester that may attest is evidence that names it, and is not made here", async () => {
    const { came, executions } = await checking({});
    expect(came).toMatchObject({ result: "w1: passed", by: { worker: "w1" } });
    expect(executions).toEqual([]);
  });

  test("is made here where there is no tester, it may not attest, or did not sign", async () => {
    const other = signerFor(generateKeyPairSync("ed25519").privateKey);
    for (const how of [{ tester: false }, { attest: false }, { signedBy: other }]) {
      const { came, executions, worker } = await checking(how);
      expect(came).toEqual({ result: "here 1" });
      expect(executions).toEqual([1]);
      expect(worker.revoked).toBeUndefined();
    }
  });

  test("is made here where the tester was cut off or isolates less, and nothing is held against it", async () => {
    for (const report of [
      checkOutputOf("timed-out"),
      checkOutputOf("passed", { termination: { kind: "timed-out", wallMsMax: 1 } }),
      checkOutputOf("passed", { isolation: { ...strongIsolation, kind: "none" } }),
      checkOutputOf("passed", { isolation: { ...strongIsolation, network: "host" } }),
    ]) {
      const { came, executions, worker } = await checking({ report, sampleRate: 1 });
      expect([came.result, executions, worker.revoked]).toEqual(["here 1", [1], undefined]);
    }
  });

  test("that is sampled is made here again, and agreement is counted", async () => {
    const { came, executions, worker } = await checking({ sampleRate: 1 });
    expect(came).toEqual({ result: "here 1" });
    expect(executions).toEqual([1]);
    expect(worker.reexecuted).toEqual({ agreed: 1, differed: 0 });
  });

  test("that is contradicted twice, in whatever a verdict rests on, has its worker revoked and a violation noted", async () => {
    const { report } = checkOutputOf("passed");
    const error = { type: "SyntaxError", message: "no", file: "t.py", frames: [] };
    for (const [told, because] of [
      [checkOutputOf("failed"), "a: reported as failed, seen as passed"],
      [
        checkOutputOf("passed", { level: "out-of-process" }),
        "the level: reported as out-of-process, seen as in-process",
      ],
      [checkOutputOf("passed", { written: ["t.py"] }), "oracle files written: reported as t.py, seen as none"],
      [
        checkOutputOf("passed", { report: { ...report, collectionErrors: [error] } }),
        "files that cannot be collected: reported as t.py, seen as none",
      ],
    ] as const) {
      const { came, executions, worker, violations } = await checking({ report: told, sampleRate: 1 });
      expect([came.result, executions]).toEqual(["here 1", [1, 2]]);
      expect(worker.revoked?.because).toContain(because);
      expect(worker.reexecuted).toEqual({ agreed: 0, differed: 1 });
      expect(violations).toMatchObject([{ kind: "capability", subjects: ["w1"] }]);
    }
  });

  test("of a test that comes and goes revokes nobody", async () => {
    const { worker, executions } = await checking({ sees: ["failed", "passed"], sampleRate: 1 });
    expect(executions).toEqual([1, 2]);
    expect(worker.revoked).toBeUndefined();
    expect(worker.reexecuted).toEqual({ agreed: 1, differed: 0 });
  });
});

describe("what was seen here after a report", () => {
  test("and agrees with it leaves it as it is", async () => {
    const { came, executions } = await checking({ afterwards: "passed" });
    expect([came.result, came.settled, executions]).toEqual(["w1: passed", undefined, []]);
  });

  test("and contradicts it has the check made here; its worker is revoked if that contradicts it too", async () => {
    const lied = await checking({ report: checkOutputOf("passed"), sees: ["failed"], afterwards: "failed" });
    expect([lied.came.settled, lied.executions]).toEqual(["here 1", [1]]);
    expect(lied.worker.revoked?.because).toContain("a: reported as passed, seen as failed");
    const unsteady = await checking({ report: checkOutputOf("passed"), sees: ["passed"], afterwards: "failed" });
    expect(unsteady.came.settled).toBe("here 1");
    expect(unsteady.worker.revoked).toBeUndefined();
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
