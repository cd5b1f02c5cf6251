import { raise } from "#domain";

/** Throws a `FaultError` of code `model-rejected` that says what window is needed. */
export function tooSmall(window: { contextTokensMax: number; outputTokensMax: number }, tokensMin: number): never {
  const { contextTokensMax, outputTokensMax } = window;
  return raise(
    "model-rejected",
    `the model's window of ${contextTokensMax} tokens is too small: the prompt needs about ${tokensMin} at least, and ${outputTokensMax} are kept for the answer`,
    `use a model with a window of ${tokensMin + outputTokensMax} tokens or more, or have its server give it one`,
  );
}
