import type { ChangeExpectation } from "@assay/sdk";
import { plural } from "#report";

type Row = (mark: string, label: string, text: string) => string;
type Marks = Readonly<Record<"good" | "bad" | "neutral" | "doubt", string>>;

const shownMax = 12;

/** What was found out about a change before it is judged: what it is, what it does to tests, what its tests notice. */
export function changeLines(expectation: ChangeExpectation, row: Row, marks: Marks): string[] {
  const { change, inferred, size, testChanges, hunks, strength } = expectation;
  const lines = [
    row(
      marks.neutral,
      change,
      `${plural(size.files, "file")}, +${size.added} −${size.removed}${inferred === undefined ? "" : `; taken for a ${change}: ${inferred}`}`,
    ),
  ];
  for (const { kind, file, line, what } of testChanges.slice(0, shownMax)) {
    lines.push(row(kind === "new-test" ? marks.good : marks.doubt, "tests", `${file}:${line} ${what} (${kind})`));
  }
  if (testChanges.length > shownMax)
    lines.push(row(marks.neutral, "tests", `and ${testChanges.length - shownMax} more`));
  const untried = hunks.filter(({ standing }) => standing === "untried").length;
  if (untried > 0) lines.push(row(marks.doubt, "hunks", `${plural(untried, "hunk")} could not be taken back alone`));
  if (strength !== undefined && strength.tried > 0) {
    const { killed, timedOut, tried, survived, errored } = strength;
    const mark = survived > 0 || errored === tried ? marks.doubt : marks.good;
    const untold = errored > 0 ? `; ${errored} could not be tried` : "";
    const noticed = `the tests notice ${killed + timedOut} of ${tried - errored} small faults in the changed lines`;
    lines.push(row(mark, "mutants", `${noticed}${untold}`));
  }
  return lines;
}
