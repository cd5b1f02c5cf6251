import type { ChangeHunk, Observation } from "@assay/sdk";
import { isRed } from "../outcome.ts";
import { uncollectedFile } from "../uncollected-file.ts";
import type { ChangeEvidence } from "./change-evidence.ts";

/** What taking one hunk back did. `proven`: something that is green with the whole change turned red. */
export type HunkStanding = { hunk: ChangeHunk; standing: "proven" | "unproven" | "excused" | "untried"; red: string[] };

/** Says of each hunk whether the tests need it. */
export function hunkStandings(evidence: ChangeEvidence): HunkStanding[] {
  const green = new Set(evidence.ids(evidence.head, "green"));
  const { before, after } = evidence.flaky();
  for (const id of [...before, ...after]) green.delete(id);
  const uncollectable = evidence.uncollected(evidence.head);
  return evidence.expectation.hunks.map((hunk) => {
    if (hunk.standing !== "tried" || hunk.without === undefined) {
      return { hunk, standing: hunk.standing === "excused" ? "excused" : "untried", red: [] };
    }
    const runs = evidence.without(hunk.without);
    // Without this hunk the tests did not come to their end, and with it they did; once alone may be the machine.
    const hangs = runs.length > 1 && runs.every(({ termination }) => termination.kind === "timed-out");
    const seen = runs.flatMap((run) => redIn(run, green, uncollectable));
    const red = [...new Set([...seen, ...(hangs ? ["(the tests do not end)"] : [])])].sort();
    return { hunk, standing: red.length > 0 ? "proven" : "unproven", red };
  });
}

function redIn({ report }: Observation, green: ReadonlySet<string>, known: ReadonlySet<string>): string[] {
  const red = report.results.filter(({ id, outcome }) => green.has(id) && isRed(outcome)).map(({ id }) => id);
  return [...red, ...report.collectionErrors.map(uncollectedFile).filter((file) => !known.has(file))];
}
