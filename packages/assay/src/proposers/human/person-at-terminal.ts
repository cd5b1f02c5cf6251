/** What a person typed: `left` where they went away (end of input) without an answer. */
export type Typed = { kind: "text"; text: string } | { kind: "left" };

/**
 * A person who sits there now. Shows text and takes what they answer.
 * Aborted, `ask` throws a `FaultError` of code `interrupted`; the run then pauses, resumable.
 */
export interface PersonAtTerminal {
  ask(shown: string, signal?: AbortSignal): Promise<Typed>;
}
