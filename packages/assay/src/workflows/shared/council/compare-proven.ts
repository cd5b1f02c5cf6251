import { type Ambiguity, ambiguitySchema } from "@assay/sdk";
import { z } from "zod";
import type { ProvenCandidate } from "#council";
import { attemptName, FaultError, suiteLimits } from "#domain";
import type { Run } from "#engine";
import type { Case } from "../repair/check.ts";
import type { WorkflowTools } from "../tools.ts";
import type { Proven } from "./candidate-of.ts";

/** Tests whose calls are looked at, those that had to turn green first. */
const testsMax = 60;

type Change = { id: string; summary: string; file: string; before: string; start: number; end: number; text: string };

/**
 * An input of which proven changes make different things, near to what the tests give; `undefined` where none was found, where the runner cannot tell,
 * or where changes are not in one file alone. Not evidence: it says only that somebody has to decide.
 */
export async function compareProven(
  run: Run,
  tools: WorkflowTools,
  { project, baseline, targets }: Case,
  proven: readonly Proven[],
  candidates: readonly ProvenCandidate[],
): Promise<Ambiguity | undefined> {
  const changes = candidates.flatMap((candidate) => changeOf(candidate, proven));
  const [first] = changes;
  const comparable = changes.filter(({ file }) => file === first?.file);
  const distinct = new Set(comparable.map(({ start, end, text }) => `${start} ${end} ${text}`));
  if (first === undefined || distinct.size < 2) return undefined;
  const found = await run.step(
    "council.compare",
    { candidates: comparable.map(({ id }) => id) },
    async (signal) => {
      const { profile, snapshot } = project;
      await using workspace = await tools.workspaces.open(snapshot, attemptName(run.id, "council", "compare"));
      const limits = { ...suiteLimits, wallMsMax: baseline.wallMsMax };
      const testMsMax = baseline.testMsMax ?? testMsDefault;
      try {
        const screen = await tools.runners[profile.runner].screen?.({ profile, workspace, limits, testMsMax, signal });
        if (screen === undefined) return null;
        await using open = screen;
        const green = baseline.report.results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id);
        const { found } = (await open.tellApart?.({
          id: 1,
          file: first.file,
          source: first.before,
          tests: [...targets.tests, ...green].slice(0, testsMax),
          candidates: comparable.map(({ start, end, text }, id) => ({ id, start, end, text })),
        })) ?? { found: undefined };
        return found === undefined ? null : ambiguityOf(found, comparable);
      } catch (error) {
        // A process that could not tell them apart says nothing against them.
        if (error instanceof FaultError && error.fault.code === "sandbox-failed") return null;
        throw error;
      }
    },
    z.union([ambiguitySchema, z.null()]),
  );
  return found ?? undefined;
}

const testMsDefault = 10_000;

function ambiguityOf(
  { call, results }: { call: string; results: readonly { id: number; result: string }[] },
  changes: readonly Change[],
): Ambiguity | null {
  const told = results.flatMap(({ id, result }) => {
    const change = changes[id];
    return change === undefined ? [] : [{ candidate: change.id, summary: change.summary, result }];
  });
  return told.length < 2 || told.every(({ result }) => result === told[0]?.result) ? null : { call, results: told };
}

/** As one edit of one file: from the first character that differs to the last. */
function changeOf({ id, files }: ProvenCandidate, proven: readonly Proven[]): Change[] {
  const [file, another] = files;
  if (file?.before === undefined || file.after === undefined || another !== undefined) return [];
  const { path, before, after } = file;
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let tail = 0;
  const tailMax = Math.min(before.length, after.length) - start;
  while (tail < tailMax && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const summary = proven.find(({ candidate }) => candidate.id === id)?.candidate.provenance.summary ?? id;
  const [end, text] = [before.length - tail, after.slice(start, after.length - tail)];
  return [{ id, summary, file: path, before, start, end, text }];
}
