import { type RunId, runId } from "#domain";

const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

/** `<workflow>-<time><random>` in base 36: sorted by time within a workflow until the year 2059, 41 random bits. */
export function newRunId(workflow: string, now: number, random: () => number): RunId {
  const time = Math.floor(now).toString(36).padStart(8, "0");
  const tail = Array.from({ length: 8 }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
  return runId(`${workflow}-${time}${tail}`);
}
