import { randomBytes } from "node:crypto";
import type { Isolation } from "@assay/sdk";
import type {
  ExecutionRequest,
  FunctionCheck,
  FunctionCheckLimits,
  FunctionObservation,
  FunctionOracle,
  FunctionOutcome,
  Sandbox,
  SandboxSession,
} from "#ports";
import { relay } from "./relay.ts";
import { readTold, relayOutcome } from "./relay-outcome.ts";
import { RelaySpares } from "./relay-spares.ts";
import { TurnQueue } from "./turn-queue.ts";

/** The two commands of a language that talk as `protocol.md` says; the examiner marks its frames as `relay` reads them. */
export type RelayedSides = {
  examiner(limits: FunctionCheckLimits): ExecutionRequest;
  candidate(limits: FunctionCheckLimits): ExecutionRequest;
  /** What isolates the candidate, by what isolates its command; that itself when absent. */
  isolation?(around: Isolation): Isolation;
};

/**
 * Functions checked by two commands in a sandbox each, made for one check and never used again: nothing of a check can reach the next,
 * and no two share a namespace. Both are started ahead.
 */
export class RelayOracle implements FunctionOracle {
  readonly workers: number;
  readonly #sides: RelayedSides;
  readonly #spares: RelaySpares;
  readonly #turns: TurnQueue;

  constructor(sandbox: Sandbox, sides: RelayedSides, workers: number) {
    this.workers = workers;
    this.#sides = sides;
    this.#spares = new RelaySpares(sandbox, workers);
    this.#turns = new TurnQueue(workers);
  }

  async check(check: FunctionCheck, signal?: AbortSignal): Promise<FunctionObservation> {
    const seen = await this.#turns.take(1, () => this.#once(check, signal), signal);
    if (seen.outcome.kind !== "timed-out" || seen.outcome.by !== "wall") return seen;
    // Others may have kept it from the processor: it is asked again with nobody beside it.
    return await this.#turns.take(this.workers, () => this.#once(check, signal), signal);
  }

  async #once(check: FunctionCheck, signal: AbortSignal | undefined): Promise<FunctionObservation> {
    const { limits } = check;
    const [examiner, candidate] = await Promise.all([
      this.#spares.take(this.#sides.examiner(limits)),
      this.#spares.take(this.#sides.candidate(limits)),
    ]);
    try {
      return await this.#between(examiner, candidate, check, signal);
    } finally {
      await Promise.all([examiner[Symbol.asyncDispose](), candidate[Symbol.asyncDispose]()]);
    }
  }

  async #between(
    examiner: SandboxSession,
    candidate: SandboxSession,
    check: FunctionCheck,
    signal: AbortSignal | undefined,
  ): Promise<FunctionObservation> {
    const { limits } = check;
    const started = performance.now();
    const secret = randomBytes(16).toString("hex");
    examiner.send(
      JSON.stringify({
        secret,
        candidate: check.candidate,
        entry: check.entryPoint,
        preamble: check.preamble,
        tests: check.tests,
        frameBytesMax: limits.frameBytesMax,
        callsCheck: true,
      }),
    );
    const end = await relay({
      examiner,
      candidate,
      frameBytesMax: limits.frameBytesMax,
      wallMsMax: limits.wallMsMax,
      ...(signal === undefined ? {} : { signal }),
    });
    const told = end.kind === "told" ? readTold(end.line, secret) : undefined;
    let outcome: FunctionOutcome | undefined = told?.outcome;
    if (outcome === undefined) {
      // Asked to end, both end with what they were ended by, unless they had ended before.
      const last = end.kind === "told" ? ({ kind: "examiner-ended" } as const) : end;
      if (last.kind !== "candidate-ended") void candidate[Symbol.asyncDispose]();
      if (last.kind !== "examiner-ended") void examiner[Symbol.asyncDispose]();
      const [ofCandidate, ofExaminer] = await Promise.all([candidate.ended, examiner.ended]);
      outcome = relayOutcome(last, ofCandidate, ofExaminer);
    }
    return {
      outcome,
      calls: told?.calls ?? 0,
      cpuMs: told?.cpuMs ?? 0,
      wallMs: performance.now() - started,
      level: "out-of-process",
      isolation: this.#sides.isolation?.(candidate.isolation) ?? candidate.isolation,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns.close();
    await this.#spares[Symbol.asyncDispose]();
  }
}
