import type { ErrorCategory, Lesson } from "@assay/sdk";

/** Which change was made how, for which kind of failure. */
export type MethodQuestion = { language: string; category: ErrorCategory; method: string };

/** What was known at one moment; it does not change. */
export type KnownMethods = {
  /** Names this moment: `read` with it gives the same again. */
  readonly moment: number;
  /** How early changes of that method are worth a try, above 0; `seed` is what was measured before anything was learned. */
  weight(question: MethodQuestion, seed: number): number;
};

/**
 * What worked for which failure, kept over projects and runs.
 * - What `add` resolves for is durable, and seen by every later `read`, also of other processes.
 * - Lessons are only ever added: what `read` says of a moment stays true until everything is forgotten.
 * - Unreadable parts are skipped, never fatal.
 */
export interface Knowledge {
  /** At most up to the given moment; now, where it is absent or lies ahead. */
  read(moment?: number): Promise<KnownMethods>;
  lessons(): Promise<Lesson[]>;
  /** Faults: `state-not-writable`, `disk-full`. */
  add(lessons: readonly Lesson[]): Promise<void>;
  /** How many lessons were forgotten. */
  reset(): Promise<number>;
}
