/** `420 ms`, `4.1 s`, `2 min 05 s`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return "–";
  if (ms < 1) return "< 1 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** `12,345`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** `1 test`, `2 tests`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Milliseconds since the epoch as `2026-01-02 03:04:05 UTC`; a dash for what no date can be. */
export function formatTime(at: number): string {
  return Math.abs(at) > 8.64e15 || Number.isNaN(at)
    ? "–"
    : `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
