import type { RunView } from "./run-view.ts";

/** How a result is to be read: as good, as bad, as something to look at, or as neither. */
export type Tone = "good" | "bad" | "warn" | "calm";

/** One or two words for a result, and its tone; every medium shows the same. */
export function headlineOf(outcome: RunView["outcome"]): { word: string; tone: Tone; sign: string } {
  return headlines[outcome];
}

const headlines: Record<RunView["outcome"], { word: string; tone: Tone; sign: string }> = {
  accepted: { word: "Accepted", tone: "good", sign: "✓" },
  ambiguous: { word: "Ambiguous", tone: "warn", sign: "?" },
  "nothing-to-do": { word: "Nothing to do", tone: "calm", sign: "✓" },
  "not-found": { word: "No fix found", tone: "warn", sign: "–" },
  rejected: { word: "Rejected", tone: "bad", sign: "✗" },
  inconclusive: { word: "Inconclusive", tone: "warn", sign: "?" },
  evaluated: { word: "Evaluated", tone: "calm", sign: "✓" },
  done: { word: "Done", tone: "good", sign: "✓" },
  paused: { word: "Paused", tone: "calm", sign: "‖" },
  cancelled: { word: "Cancelled", tone: "calm", sign: "–" },
  failed: { word: "Could not run", tone: "bad", sign: "!" },
  running: { word: "Not finished", tone: "calm", sign: "…" },
};
