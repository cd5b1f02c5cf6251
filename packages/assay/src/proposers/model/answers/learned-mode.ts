import type { ErrorCategory } from "@assay/sdk";
import type { KnownMethods } from "#ports";
import type { EditMode } from "../edit-mode.ts";

const modes: readonly EditMode[] = ["update", "diff", "rewrite"];
/** Before anything was learned, every kind of edit weighs the same. */
const seed = 0.5;
/** How much more another kind has to weigh than the one that the rule chose. */
const factorMin = 1.5;

/** The kind of edit that healed such failures most often, where that is clear; else the rule's. */
export function learnedMode(
  ruled: EditMode,
  known: KnownMethods,
  about: { language: string; category: ErrorCategory },
): EditMode {
  const weight = (method: EditMode) => known.weight({ ...about, method }, seed);
  const [best = ruled] = modes.toSorted((a, b) => weight(b) - weight(a));
  return weight(best) >= factorMin * weight(ruled) ? best : ruled;
}
