import { type AnalyzeOutput, analyzeInputSchema } from "@assay/sdk";
import { openSentProject } from "#app";
import { isRed, suiteLimits } from "#domain";
import { classify } from "#oracle";
import { localise, type Suspect } from "#proposers";
import type { Executor } from "../executor.ts";
import { fetchFiles } from "./fetch-files.ts";
import { measure } from "./measure.ts";

const suspectsMax = 20;

/**
 * Says where the failures of a project come from most probably: runs its suite once, and ranks lines by which tests executed them, by
 * frames and by messages. Without a model: the question is not read. It proves nothing, and is where a proposer looks first.
 */
export function analyzeExecutor({ environment }: { environment?: string } = {}): Executor {
  return async (document, context) => {
    const input = analyzeInputSchema.parse(document);
    await using project = await openSentProject(await fetchFiles(input.files, context), { environment });
    const { profile, snapshot, run, budget } = project;
    context.begin();
    const { report, coverage } = await measure(project, profile, suiteLimits.wallMsMax, context.signal);
    const failures = input.failures.length > 0 ? input.failures : classify(report, { snapshot, profile });
    const targets = report.results.filter(({ outcome }) => isRed(outcome)).map(({ id }) => id);
    const guards = report.results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id);
    const request = { run, snapshot, profile, baseline: report, failures, targets, guards, budget };
    const suspects =
      failures.length === 0
        ? []
        : await localise({ ...request, ...(coverage === undefined ? {} : { coverage }) }, suspectsMax);
    return {
      version: 1,
      kind: "analyze",
      summary: summaryOf(report.results.length, targets.length, failures.length, suspects),
      findings: suspects.map(({ file, line, score }) => ({
        title: `line ${line} of ${file} is suspected`,
        detail:
          coverage === undefined
            ? "by the failures' frames and messages, and what the failing tests import"
            : "failing tests execute it and passing ones do so less; the failures' frames and messages are counted too",
        file,
        line,
        confidence: score,
      })),
    } satisfies AnalyzeOutput;
  };
}

function summaryOf(tests: number, red: number, failures: number, [first]: readonly Suspect[]): string {
  if (failures === 0) return `No test of ${tests} fails: nothing is suspected.`;
  const where = first === undefined ? "no line is suspected" : `${first.file}:${first.line} is suspected most`;
  return `${red} of ${tests} tests fail, for ${failures} ${failures === 1 ? "reason" : "reasons"}; ${where}.`;
}
