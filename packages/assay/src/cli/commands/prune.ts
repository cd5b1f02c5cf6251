import { prune } from "#app";
import { formatCount, plural, sanitizeLine } from "#report";
import { writeResult } from "../output/json.ts";

export type PruneCommandOptions = {
  /** Milliseconds. */
  olderThan: number;
  keepLast: number;
  receiptsToo?: boolean;
  dryRun?: boolean;
  json?: boolean;
};

const reasons = {
  young: "too young",
  "among-the-last": "among the last",
  open: "not ended",
  unreadable: "unreadable",
  receipt: "with a receipt",
  "referred-to": "referred to by one that stays",
} as const;

export async function pruneCommand(directory: string, options: PruneCommandOptions): Promise<void> {
  const now = Date.now();
  const pruned = await prune(directory, {
    now,
    endedBefore: now - options.olderThan,
    keepLast: options.keepLast,
    receiptsToo: options.receiptsToo === true,
    dryRun: options.dryRun === true,
  });
  const { runs, kept, blobs, blobBytes, artifactBytes, journalBytes } = pruned;
  const kib = formatCount(Math.ceil((blobBytes + artifactBytes + journalBytes) / 1024));
  const what = `${plural(runs.length, "run")} and ${plural(blobs, "blob")}`;
  const summary = options.dryRun
    ? `Would remove ${what}: ${kib} KiB, and what they take in the journal.`
    : `Removed ${what}; ${kib} KiB are free.`;
  const stays = Object.entries(kept).map(
    ([why, count]) => `${formatCount(count)} ${reasons[why as keyof typeof reasons]}`,
  );
  const told = stays.length === 0 ? summary : `${summary} Kept: ${stays.join(", ")}.`;
  if (options.json) {
    writeResult({
      type: "result",
      outcome: runs.length + blobs === 0 ? "nothing-to-do" : "done",
      exitCode: 0,
      summary: told,
    });
    return;
  }
  for (const run of runs) process.stdout.write(`${sanitizeLine(run)}\n`);
  process.stdout.write(`${told}\n`);
}
