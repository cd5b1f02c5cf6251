import type { Candidate, ProposeInput, ProposeOutput } from "@assay/sdk";
import { fault, nothingSpent } from "#domain";
import type { Blobs, Delegated, Delegation, Proposal, ProposalRequest, Proposer } from "#ports";
import { visibleLine } from "../human/visible.ts";
import { projectFiles } from "./project-files.ts";

export type WorkerProposerOptions = {
  blobs: Pick<Blobs, "put">;
  /** What the worker must be able to do, e.g. `search`; absent: any coder. */
  capability?: string;
};

/** Times one run asks for one set of tests. */
const turnsMax = 5;
const candidatesMax = 5;
/** For the work, and for waiting until somebody takes it. */
const workMsMax = 10 * 60_000;

/**
 * Has a worker of this daemon propose. It is sent the project's files, and what fails; what it sends back is a candidate like any
 * stranger's: it is applied, checked and judged here, at the level that code from elsewhere needs. What workers say of it counts for nothing.
 * A worker that fails is a `fault` of code `agent-failed` in the proposal.
 */
export class WorkerProposer implements Proposer {
  readonly name = "worker";
  readonly instance?: string;
  readonly #options: WorkerProposerOptions;

  constructor(options: WorkerProposerOptions) {
    if (options.capability !== undefined) this.instance = options.capability;
    this.#options = options;
  }

  async worstCase(): Promise<{ wallMs: number; candidates: number }> {
    return { wallMs: workMsMax, candidates: candidatesMax };
  }

  async work(request: ProposalRequest): Promise<Delegation | undefined> {
    const { blobs, capability } = this.#options;
    const files = await projectFiles(request.snapshot, blobs);
    if (files === undefined) return undefined;
    const { profile, snapshot, brief, earlier = [] } = request;
    const input: ProposeInput = {
      version: 1,
      kind: "propose",
      base: snapshot.digest,
      runner: profile.runner,
      files,
      editable: [...profile.sourceFiles],
      oracleFiles: [...profile.oracleFiles],
      failures: request.failures.slice(0, 1000),
      targets: [...request.targets],
      guards: [...request.guards],
      ...(brief === undefined ? {} : { brief: brief.slice(0, 50_000) }),
      earlier: earlier.slice(-10).map(({ diff, verdict }) => ({
        diff: diff.slice(0, 200_000),
        reasons: verdict.reasons.slice(0, 50).map(({ code, detail }) => `${code}: ${detail}`.slice(0, 2000)),
      })),
      limits: {
        wallMsMax: Math.max(1, Math.floor(Math.min(workMsMax, request.budget.wallMsMax))),
        candidatesMax,
      },
    };
    const capabilities = capability === undefined ? [] : [capability];
    // Whoever takes it late still has all of its time.
    const waitMsMax = 2 * input.limits.wallMsMax;
    return { kind: "propose", role: "coder", capabilities, input, waitMsMax };
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const { delegated } = request;
    const nothing = { candidates: [], tried: 0, spent: nothingSpent, suspects: [] };
    if (delegated === undefined) return { ...nothing, reason: "the project is too large to be sent to a worker" };
    const spent = { ...nothingSpent, wallMs: delegated.durationMs };
    if (delegated.kind === "failed") {
      const message = `no worker proposed anything: ${visibleLine(delegated.detail, 500)}`;
      return { ...nothing, spent, fault: fault("agent-failed", message, "see the workers with: GET /v1/workers") };
    }
    const candidates = candidatesOf(delegated);
    const turn = turnOf(request);
    const { tried, note } = delegated.value;
    return {
      ...nothing,
      candidates,
      tried: Math.max(tried, candidates.length),
      spent: { ...spent, candidates: candidates.length },
      ...(candidates.length > 0 && turn < turnsMax ? { cursor: String(turn + 1) } : {}),
      ...(note === undefined ? {} : { reason: visibleLine(note, 500) }),
    };
  }
}

function candidatesOf({ value, worker, token }: Extract<Delegated<ProposeOutput>, { kind: "done" }>): Candidate[] {
  return value.candidates.slice(0, candidatesMax).map(({ edits, summary, method }, index) => ({
    // A run's tokens are all different: the same change from two claims is two candidates.
    id: `worker-${token}-${index + 1}`,
    edits,
    provenance: {
      proposer: "worker",
      method: visibleLine(`${worker}: ${method}`, 200),
      summary: visibleLine(summary.replace(/[.\s]+$/, ""), 300),
    },
  }));
}

function turnOf({ cursor }: ProposalRequest): number {
  const turn = Number(cursor ?? "1");
  if (!Number.isInteger(turn) || turn < 1 || turn > turnsMax) throw new RangeError(`not a worker's cursor: ${cursor}`);
  return turn;
}
