import type { OracleStrength } from "@assay/sdk";
import { attemptName, suiteLimits } from "#domain";
import type { Run } from "#engine";
import { executableLines } from "#oracle";
import { refuseUnobserved } from "../shared/observe.ts";
import { changedLines } from "./changed-lines.ts";
import { type Gathered, limitsOf } from "./gather.ts";
import type { Subject } from "./subject.ts";
import type { JudgeTools } from "./tools.ts";

/** Tracing every line makes a suite slower by about this much at most. */
const tracingFactor = 10;
const placesMax = 1000;

/**
 * Changed lines that no test of the head executes. Where the runner cannot tell, a line is executed if a fault in it was noticed;
 * `undefined` where no fault was tried either.
 */
export async function findUncovered(
  run: Run,
  tools: JudgeTools,
  subject: Subject,
  gathered: Gathered,
  strength: OracleStrength | undefined,
): Promise<{ file: string; line: number }[] | undefined> {
  const { head } = subject;
  const changed = await changedLines(subject);
  const wanted = changed.flatMap(({ path, content, lines }) =>
    [...(executableLines(path, content) ?? [])].filter((line) => lines.has(line)).map((line) => ({ file: path, line })),
  );
  if (wanted.length === 0) return [];
  tools.progress({ kind: "phase", phase: "coverage", detail: "which changed lines do the tests execute" });
  const uncovered = await run.step("coverage", { head: head.snapshot.digest }, async () => {
    await using workspace = await tools.workspaces.open(head.snapshot, attemptName(run.id, "judge", "coverage"));
    const limits = limitsOf(gathered);
    const wallMsMax = Math.min(suiteLimits.wallMsMax, limits.limits.wallMsMax * tracingFactor);
    const { coverage, termination } = await tools.runners[head.profile.runner].run({
      profile: head.profile,
      workspace,
      selection: [],
      coverage: true,
      ...limits,
      limits: { ...limits.limits, wallMsMax },
      signal: run.abort,
    });
    refuseUnobserved(termination);
    if (coverage === undefined) return null;
    const executed = new Set(
      Object.values(coverage).flatMap((files) =>
        Object.entries(files).flatMap(([file, lines]) => lines.map((line) => `${file}:${line}`)),
      ),
    );
    return wanted.filter(({ file, line }) => !executed.has(`${file}:${line}`)).slice(0, placesMax);
  });
  if (uncovered !== null) return uncovered;
  if (strength === undefined || strength.tried === strength.errored) return undefined;
  const noticed = new Set((strength.noticedAt ?? []).map(({ file, line }) => `${file}:${line}`));
  return wanted.filter(({ file, line }) => !noticed.has(`${file}:${line}`)).slice(0, placesMax);
}
