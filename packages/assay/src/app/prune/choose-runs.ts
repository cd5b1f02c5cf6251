/** What is to be known of a run before it may go. */
export type PrunableRun = {
  run: string;
  lastEventAt: number;
  /** `open`: running, interrupted, paused. `unreadable`: what it is cannot be told. */
  status: "ended" | "open" | "unreadable";
  /** Runs that its events name: its children, and what it was forked from. */
  refersTo: readonly string[];
  /** A receipt of it lies in its folder. */
  hasReceipt: boolean;
};

export type Retention = {
  /** Only runs whose last event is older. Milliseconds since the Unix epoch. */
  endedBefore: number;
  /** So many of the newest runs stay, whatever their age. */
  keepLast: number;
  /** Runs with a receipt go too. */
  receiptsToo: boolean;
};

export type KeptBecause = "young" | "among-the-last" | "open" | "unreadable" | "receipt" | "referred-to";
export type Choice = { run: string; kept?: KeptBecause };

/**
 * Which runs may go, newest first. What stays keeps what it refers to, and what refers to it if that is not of a run that has ended: a
 * run is never left with half of its family. Pure.
 */
export function chooseRuns(runs: readonly PrunableRun[], retention: Retention): Choice[] {
  const newestFirst = runs.toSorted((a, b) => b.lastEventAt - a.lastEventAt);
  const choices = new Map<string, Choice>();
  for (const [index, run] of newestFirst.entries()) {
    const kept = reasonToKeep(run, index, retention);
    choices.set(run.run, kept === undefined ? { run: run.run } : { run: run.run, kept });
  }
  const byName = new Map(runs.map((run) => [run.run, run]));
  const parents = new Map<string, string[]>();
  for (const { run, refersTo } of runs) {
    for (const other of refersTo) parents.set(other, [...(parents.get(other) ?? []), run]);
  }
  const keeping = [...choices.values()].filter(({ kept }) => kept !== undefined).map(({ run }) => run);
  for (let run = keeping.pop(); run !== undefined; run = keeping.pop()) {
    const isOpen = byName.get(run)?.status !== "ended";
    for (const other of [...(byName.get(run)?.refersTo ?? []), ...(isOpen ? (parents.get(run) ?? []) : [])]) {
      const choice = choices.get(other);
      if (choice === undefined || choice.kept !== undefined) continue;
      choices.set(other, { run: other, kept: "referred-to" });
      keeping.push(other);
    }
  }
  return [...choices.values()];
}

function reasonToKeep(run: PrunableRun, index: number, retention: Retention): KeptBecause | undefined {
  if (run.status !== "ended") return run.status;
  if (index < retention.keepLast) return "among-the-last";
  if (run.lastEventAt >= retention.endedBefore) return "young";
  if (run.hasReceipt && !retention.receiptsToo) return "receipt";
  return undefined;
}
