import type { z } from "zod";
import { raise } from "#domain";
import { canonicalJson } from "#ports";

/** An input in canonical JSON that is longer is not kept, and the step not to be repeated with another one. */
const keptBytesMax = 64 * 1024;

/** What a step is given, which a fork of its run may replace by what the schema accepts. */
export class EditableInput<I> {
  // Private, and the method's name is rare: a plain input of the same shape must not be taken for one of these by type inference.
  readonly #schema: z.ZodType<I>;
  readonly #made: I;

  constructor(schema: z.ZodType<I>, made: I) {
    this.#schema = schema;
    this.#made = made;
  }

  /** What is in force: what was made, or what an edit puts in its place. Throws `usage` for an edit that does not fit. */
  inForce(key: string, edits: ReadonlyMap<string, unknown>): I {
    if (!edits.has(key)) return this.#made;
    const parsed = this.#schema.safeParse(edits.get(key));
    if (parsed.success) return parsed.data;
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "input"}: ${message}`).join("; ");
    raise(
      "usage",
      `the input given to step ${key} does not fit: ${wrong}`,
      "repeat the run from it with another input",
    );
  }
}

/** Marks a step's input as one that a fork may replace: the step's function uses nothing of it but what it is handed. */
export function editable<I>(schema: z.ZodType<I>, made: I): EditableInput<I> {
  return new EditableInput(schema, made);
}

/** `kept`: what is recorded beside the digest, so that a person sees what can be edited; absent for steps whose input cannot. */
export type StepInput<I> = { input: I; kept?: unknown };

/** What the step is given: what the workflow made, or in a fork what somebody gave instead. Throws `usage` where that cannot be. */
export function stepInput<I>(
  key: string,
  made: I | EditableInput<I>,
  edits: ReadonlyMap<string, unknown>,
): StepInput<I> {
  if (!(made instanceof EditableInput)) {
    if (edits.has(key)) raise("usage", `step ${key} takes no input`, "repeat the run from it without one");
    return { input: made };
  }
  const input = made.inForce(key, edits);
  const json = canonicalJson(input ?? null);
  return Buffer.byteLength(json) > keptBytesMax ? { input } : { input, kept: JSON.parse(json) };
}
