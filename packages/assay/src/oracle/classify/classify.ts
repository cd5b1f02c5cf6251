import type { ClassifiedFailure, ErrorCategory, Failure, TestReport, TestResult } from "@assay/sdk";
import { isRed } from "#domain";
import type { ProjectProfile, Snapshot } from "#ports";
import { fixability } from "./fixability.ts";
import { isThirdParty, missingModule } from "./missing-module.ts";
import { ruleFor } from "./rules.ts";
import { nameInMessage, suggestedMethod } from "./suggested-method.ts";

/** What must be known of a project to tell its own code from its environment. */
export type ClassifyContext = {
  snapshot: Pick<Snapshot, "files">;
  profile: Pick<ProjectProfile, "language" | "sourceFiles">;
};

type Group = { category: ErrorCategory; environment: boolean; failure: Failure; tests: string[] };

/**
 * Puts every failure of a report into a category; those with the same category, type and place are one, but each test
 * file that cannot be collected stands for itself. Pure. Sorted by how likely a change heals them, then by place.
 */
export function classify(report: TestReport, context: ClassifyContext): ClassifiedFailure[] {
  const groups = new Map<string, Group>();
  const add = (failure: Failure, category: ErrorCategory, environment: boolean, test?: string) => {
    const key = JSON.stringify([category, failure.type, failure.file, failure.line, failure.testFile, environment]);
    const group = groups.get(key) ?? { category, environment, failure, tests: [] };
    if (test !== undefined) group.tests.push(test);
    groups.set(key, group);
  };
  for (const failure of report.collectionErrors) {
    const { category, environment } = categorise(failure, context);
    add(failure, category === "other" ? "collection" : category, environment);
  }
  for (const result of report.results) {
    const failure = failureOf(result);
    if (failure === undefined) continue;
    const { category, environment } = categorise(failure, context);
    add(failure, result.outcome === "timed-out" ? "timeout" : category, environment, result.id);
  }
  const all = [...groups.values()];
  return all.map((group) => conclude(group, all, context)).sort(byPromise);
}

/** A test that never answered is a failure only when the cause is known. */
function failureOf({ outcome, failure, file }: TestResult): Failure | undefined {
  if (isRed(outcome)) return failure ?? { type: "Unknown", message: "the runner gave no reason", file, frames: [] };
  return outcome === "not-run" ? failure : undefined;
}

function categorise(failure: Failure, { snapshot, profile }: ClassifyContext) {
  const rule = ruleFor(failure, profile.language);
  const category = rule?.category ?? "other";
  if (rule?.environment) return { category, environment: true };
  const module = category === "missing-module" ? missingModule(failure.message, profile.language) : undefined;
  const environment = module !== undefined && isThirdParty(module, profile.language, snapshot.files);
  return { category, environment };
}

function conclude(group: Group, all: readonly Group[], { profile }: ClassifyContext): ClassifiedFailure {
  const { category, failure, environment } = group;
  const name = nameInMessage(failure.message);
  const sameName = all.filter(
    (o) => o.failure.type === failure.type && nameInMessage(o.failure.message) === name,
  ).length;
  const sameFile = all.filter((other) => other.failure.file === failure.file).length;
  const places = [failure.file, ...failure.frames.map(({ file }) => file)];
  const editable = places.some((file) => file !== undefined && profile.sourceFiles.includes(file));
  return {
    category,
    tests: group.tests.toSorted(),
    failure,
    environment,
    fixability: fixability({ category, failure, environment, tests: group.tests.length, editable }),
    suggestedMethod: suggestedMethod({ category, failure, sameName, sameFile }),
  };
}

function byPromise(a: ClassifiedFailure, b: ClassifiedFailure): number {
  return b.fixability.score - a.fixability.score || compareText(placeOf(a), placeOf(b));
}

function placeOf({ failure: { file = "", line = 0, type } }: ClassifiedFailure): string {
  return `${file}:${String(line).padStart(8, "0")}:${type}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
