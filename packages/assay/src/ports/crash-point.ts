/** Where a crash is worth provoking. `assay doctor --crash-points` lists them; `ASSAY_CRASH_AT=<name>` kills the process there. */
export const crashPoints = [
  "snapshot-copied",
  "step-executed",
  "journal-before-commit",
  "journal-after-commit",
  "blob-before-rename",
  "blob-after-rename",
  "child-started",
  "child-finished",
  "evidence-recorded",
  "verdict-recorded",
  "receipt-signed",
  "artifact-written",
  "tree-before-apply",
  "tree-partly-applied",
  "tree-after-apply",
  "result-recorded",
  "backup-journal-copied",
  "backup-before-rename",
  "prune-run-removed",
  "prune-blob-removed",
  "request-reserved",
] as const;
export type CrashPoint = (typeof crashPoints)[number];

const reached = new Map<CrashPoint, number>();

/**
 * Dies by SIGKILL here when `ASSAY_CRASH_AT` names this point; `name:3` dies the third time it is reached.
 * In a run without that variable this is one comparison.
 */
export function crashPoint(name: CrashPoint): void {
  const wanted = process.env.ASSAY_CRASH_AT;
  if (wanted === undefined) return;
  const [wantedName, ordinal = "1"] = wanted.split(":");
  if (wantedName !== name) return;
  const count = (reached.get(name) ?? 0) + 1;
  reached.set(name, count);
  if (count === Number(ordinal)) process.kill(process.pid, "SIGKILL");
}
