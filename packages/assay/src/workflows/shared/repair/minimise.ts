import type { Candidate } from "@assay/sdk";
import { FaultError } from "#domain";
import type { Run } from "#engine";
import { combineHunks, splitHunks } from "#workspace";
import { type Case, checkCandidate, type Judged } from "./check.ts";
import type { RepairTools } from "./goal.ts";

/** More hunks than this are left as they are: each costs two runs of the suite. */
const hunksMax = 50;

/**
 * Leaves out every hunk that the evidence does not need: one after the other, kept out if what remains is still accepted.
 * The result is accepted like any candidate, or the proven one it was given. With the budget used up it is the smallest so far.
 */
export async function minimise(run: Run, tools: RepairTools, subject: Case, proven: Judged): Promise<Judged> {
  let smallest = proven;
  const all = splitHunks(proven.diff);
  if (all.length < 2 || all.length > hunksMax) return proven;
  let kept = all;
  for (const [index, hunk] of all.entries()) {
    const rest = kept.filter((other) => other !== hunk);
    if (rest.length === 0) continue;
    tools.progress({ kind: "phase", phase: "minimise", detail: `hunk ${index + 1} of ${all.length}` });
    const candidate: Candidate = {
      id: `${proven.candidate.id}-without-${index + 1}`,
      edits: [{ kind: "diff", diff: combineHunks(rest) }],
      provenance: {
        ...proven.candidate.provenance,
        summary: `${proven.candidate.provenance.summary}, without hunk ${index + 1} of ${all.length}`,
      },
    };
    const judged = await checkWithinBudget(run, tools, subject, candidate);
    if (judged === "exhausted") break;
    if (judged?.verdict.kind !== "accepted") continue;
    smallest = judged;
    kept = rest;
  }
  return smallest;
}

async function checkWithinBudget(run: Run, tools: RepairTools, subject: Case, candidate: Candidate) {
  try {
    return await checkCandidate(run, tools, subject, candidate);
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "budget-exhausted") return "exhausted";
    throw error;
  }
}
