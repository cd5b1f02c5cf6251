import type { Fault, Isolation, VerdictLevel } from "@assay/sdk";

export type FunctionLanguage = "python" | "javascript";

/** A function to check: a candidate module, and tests that never share a process with it. */
export type FunctionCheck = {
  language: FunctionLanguage;
  /** Source text of a whole module; untrusted. */
  candidate: string;
  /** The candidate's top-level function that the tests call. */
  entryPoint: string;
  /**
   * Code that runs before the tests, in their process: imports and helpers they use. Never the candidate's text.
   * The entry point is bound to its name after this and before the tests.
   */
  preamble: string;
  /**
   * The oracle's code. Python: executed, then a global `check`, if it defines one and does not call it itself, is called with the function. JavaScript:
   * executed as a script; a failed `console.assert` counts like an exception.
   */
  tests: string;
  limits: FunctionCheckLimits;
};

export type FunctionCheckLimits = {
  /** Of the whole check, on our clock: it kills. */
  wallMsMax: number;
  /** Of the candidate and what it starts: it decides what counts as too slow. */
  cpuMsMax: number;
  memoryBytesMax: number;
  processesMax: number;
  /** Of one answer on the wire. */
  frameBytesMax: number;
};

/** How a check ended: one tag, the first cause wins. Only `passed` speaks for the candidate; `fault`, `unsupported` and `no-calls` speak for nothing. */
export type FunctionOutcome =
  | { kind: "passed" }
  /** An assertion of the tests, or an exception in the tests or the candidate. */
  | { kind: "failed"; type: string; message: string }
  /** The candidate does not compile, raises when imported, or has no such function. */
  | { kind: "invalid"; type: string; message: string }
  | { kind: "timed-out"; by: "cpu" | "wall" }
  | { kind: "out-of-memory" }
  /** Too large an answer. */
  | { kind: "flood"; message: string }
  /** The candidate's process ended, or broke the protocol, before the tests were done. */
  | { kind: "crashed"; message: string }
  /** The tests ended without a single answered call. */
  | { kind: "no-calls" }
  /** The tests need a value that cannot travel. */
  | { kind: "unsupported"; message: string }
  | { kind: "fault"; fault: Fault };

export type FunctionObservation = {
  outcome: FunctionOutcome;
  /** Calls answered. */
  calls: number;
  cpuMs: number;
  wallMs: number;
  level: VerdictLevel;
  isolation: Isolation;
};

/**
 * Checks functions.
 * - The tests run in another process than the candidate and reach it by plain values only: exact builtin types, floats in hex,
 *   frames, nesting and digits capped, exceptions by name.
 * - Values that cannot travel get handles that are compared by identity only; where that does not do, the outcome is `unsupported`.
 * - A timeout by the wall clock alone was seen twice, the second time alone, before it is told.
 * - Nothing of one check survives into the next. Never throws for what a candidate does.
 * - As many checks at the same time as there are workers; more wait.
 */
export interface FunctionOracle extends AsyncDisposable {
  readonly workers: number;
  check(check: FunctionCheck, signal?: AbortSignal): Promise<FunctionObservation>;
}
