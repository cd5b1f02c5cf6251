import type { Verdict } from "@assay/sdk";
import { findViolations } from "#domain";
import type { Run } from "#engine";
import { combineHunks, listHunks } from "#workspace";
import { explore } from "../shared/explore/explore.ts";
import { changeId, type Gathered } from "./gather.ts";
import type { Subject } from "./subject.ts";
import type { JudgeTools } from "./tools.ts";

/** A change is expected to leave green what was green in every run of the base; what it turned red is looked into. */
export async function exploreChange(
  run: Run,
  tools: JudgeTools,
  { base, head, patch, difference, oraclePaths }: Subject,
  { cited, wallMsMax, testMsMax }: Gathered,
  verdict: Verdict,
): Promise<void> {
  if (verdict.kind === "accepted") return;
  const before = cited.filter(({ observation }) => observation.patch === undefined);
  const after = cited.filter(({ observation, purpose }) => observation.patch === patch && purpose !== "mutant");
  const there = new Set(after.flatMap(({ observation }) => observation.report.collected));
  const tests = [...there].filter((id) =>
    before.every(({ observation: { report } }) =>
      report.results.some((one) => one.id === id && one.outcome === "passed"),
    ),
  );
  const known = before.flatMap(({ observation: { report } }) => report.collectionErrors);
  const expected = {
    tests,
    excusedFiles: known.flatMap(({ file, testFile }) => [file, testFile].filter((path) => path !== undefined)),
    rewrittenBefore: before.flatMap(({ observation }) => observation.rewritten ?? []),
    // What the change needs is told by its own rules.
    minLevel: "in-process" as const,
  };
  const hunks = listHunks(difference.diff);
  const ofTests = hunks.filter(({ file }) => oraclePaths.has(file)).map(({ diff }) => diff);
  const subject = {
    id: changeId,
    snapshot: base.snapshot,
    profile: head.profile,
    hunks: hunks.filter(({ file }) => !oraclePaths.has(file)).map(({ diff }) => diff),
    always: ofTests.length === 0 ? "" : combineHunks(ofTests),
    wallMsMax,
    testMsMax,
    cited: after,
  };
  // Files that are not text are in no diff: without them the change is another one.
  if (difference.binary.length > 0) return;
  await explore(run, tools, subject, findViolations(changeId, expected, after));
}
