import { type CheckInput, type CheckOutput, checkOutputSchema, type Isolation } from "@assay/sdk";
import { contradictions, raise, type SuiteSeen, unusableReport } from "#domain";
import type { Run } from "#engine";
import { rewrittenOracle } from "../oracle-digest.ts";
import type { WorkflowTools } from "../tools.ts";
import { type AttestationDesk, worthOfResult } from "./attestation-desk.ts";

/** One execution of a suite that may be made by a tester. */
export type CheckRequest<T> = {
  /** A key of the run; others are made from it by a suffix. */
  key: string;
  /** What a tester must be able to do; default: nothing in particular. */
  capabilities?: readonly string[];
  /** What a tester is sent; `undefined` where it cannot be sent. The same each time it is asked for. */
  input(): Promise<CheckInput | undefined>;
  /** How it is isolated here. */
  isolation: Isolation;
  /** Executes it in this machine's sandbox, as a step of its own: `nth` from 1 names it. */
  here(nth: number): Promise<{ seen: SuiteSeen; result: T }>;
  /** Keeps what a tester reported as evidence that names it, as a step of its own. */
  keep(output: CheckOutput, worker: string): Promise<T>;
  /** Tests that are known to come and go. */
  flaky?: ReadonlySet<string>;
};

/** Who executed it instead of this machine, and what it reported. */
export type Attested = { worker: string; reported: SuiteSeen };
export type Checked<T> = { result: T; by?: Attested };

export type AttestTools = { blobs: Pick<WorkflowTools["blobs"], "get">; attestation?: AttestationDesk | undefined };

/** For fetching, waiting until a tester takes it, and reporting; besides what the suite itself may take. Then it is done here. */
const handOverMsMax = 60_000;

/**
 * A check, made by a tester where there is one whose results count, and here otherwise: a result that does not count is as good as
 * none. A sample of those that count is made here again, and it is this machine's result that is taken.
 */
export async function attestedCheck<T>(run: Run, tools: AttestTools, request: CheckRequest<T>): Promise<Checked<T>> {
  const { key } = request;
  const { attestation: desk } = tools;
  const asked = await run.step(`${key}.tester`, null, async () => {
    return (await desk?.hasTester()) === true ? ((await request.input()) ?? null) : null;
  });
  if (asked === null) return await madeHere(request);
  const waitMsMax = handOverMsMax + asked.suite.limits.wallMsMax;
  const { capabilities = [] } = request;
  const work = { kind: "check", role: "tester", capabilities, input: asked, waitMsMax } as const;
  const delegated = await run.delegate(`${key}.remote`, work, checkOutputSchema);
  if (delegated.kind === "failed") return await madeHere(request);
  const { value, worker, token } = delegated;
  const reported = seenIn(value);
  const unusable = unusableReport({ ...reported, isolation: value.isolation }, request.isolation);
  const worth = await run.step(`${key}.worth`, { worker, token }, () =>
    worthOfResult(present(desk), tools.blobs, { ...delegated, run: run.id }, unusable),
  );
  switch (worth.kind) {
    case "claim":
      return await madeHere(request);
    case "evidence":
      return { result: await request.keep(value, worker), by: { worker, reported } };
    case "sampled":
      return { result: await compareWithHere(run, tools, request, { worker, reported }, []) };
  }
}

/**
 * Compares what a tester reported with what this machine saw of the same change afterwards. Where they agree nothing follows; where not,
 * the check is made here, and its result is to be taken instead of the report.
 */
export async function settleDoubt<T>(
  run: Run,
  tools: AttestTools,
  request: CheckRequest<T>,
  by: Attested,
  seen: SuiteSeen,
): Promise<T | undefined> {
  if (contradictions(by.reported, [seen], request.flaky).length === 0) return undefined;
  return await compareWithHere(run, tools, request, by, [seen]);
}

async function madeHere<T>(request: CheckRequest<T>): Promise<Checked<T>> {
  return { result: (await request.here(1)).result };
}

/** Executes it here, and once more before anything is held against a worker: a test may come and go. */
async function compareWithHere<T>(
  run: Run,
  { attestation }: AttestTools,
  request: CheckRequest<T>,
  { worker, reported }: Attested,
  before: readonly SuiteSeen[],
): Promise<T> {
  const { key, flaky } = request;
  const first = await request.here(1);
  const executions = [...before, first.seen];
  if (executions.length < 2 && contradictions(reported, executions, flaky).length > 0) {
    executions.push((await request.here(2)).seen);
  }
  const found = contradictions(reported, executions, flaky);
  await run.step(`${key}.compared`, { worker, found }, async () => {
    const desk = present(attestation);
    await desk.registry.count(worker, found.length === 0 ? "agreed" : "differed");
    if (found.length > 0) await desk.revoke(worker, `${key} of run ${run.id}: ${found.join("; ")}`.slice(0, 2000));
  });
  if (found.length > 0) {
    await run.emit({
      type: "violation-found",
      id: `${key}.attested`.slice(-200),
      kind: "capability",
      step: key,
      expected: `worker ${worker} reports what the suite does`,
      observed: `two executions here contradict it, and it is revoked: ${found.join("; ")}`.slice(0, 2000),
      subjects: [worker],
      evidence: [],
    });
  }
  return first.result;
}

/** What counts of an execution, here as at a tester. */
export function seenIn({ report, termination, level, written }: CheckOutput): SuiteSeen {
  return { report, termination, level, written: rewrittenOracle(written) };
}

function present(desk: AttestationDesk | undefined): AttestationDesk {
  return (
    desk ?? raise("stopped", "the run has checks at testers, and none are served here", "resume it under: assay serve")
  );
}
