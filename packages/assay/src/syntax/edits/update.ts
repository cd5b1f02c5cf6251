import type { EditProblem } from "#ports";
import { type FileState, isCrlf, toCrlf } from "./file-state.ts";
import { occurrencesOf } from "./occurrences.ts";

export type Outcome = { kind: "edited"; state: FileState } | { kind: "failed"; problem: EditProblem };

/**
 * Replaces the one occurrence of `oldStr`. In a file whose lines all end in CR LF, strings with bare LF stand for
 * CR LF. Overlapping occurrences count, so that the place is never a guess.
 */
export function update(path: string, state: FileState, oldStr: string, newStr: string): Outcome {
  const convert = isCrlf(state.text) && !oldStr.includes("\r");
  const wanted = convert ? toCrlf(oldStr) : oldStr;
  const places = occurrencesOf(state.text, wanted);
  const found = places.length;
  if (found !== 1) {
    const times = found === 0 ? "does not occur" : `occurs ${found} times`;
    return { kind: "failed", problem: { path, message: `old_str ${times}, expected exactly once`, found } };
  }
  const [at = 0] = places;
  const text = state.text.slice(0, at) + (convert ? toCrlf(newStr) : newStr) + state.text.slice(at + wanted.length);
  return { kind: "edited", state: { ...state, text } };
}
