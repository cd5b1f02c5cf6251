import type { Candidate, ClassifiedFailure, Lesson } from "@assay/sdk";
import { FaultError } from "#domain";
import type { Run } from "#engine";
import type { Case } from "../shared/repair/check.ts";
import type { Searched } from "../shared/repair/searched.ts";
import { togetherId } from "./rounds.ts";
import type { HealTools } from "./tools.ts";

/**
 * Keeps which methods were tried for this kind of failure and what became of their changes. Nothing was right or wrong of changes
 * among which nobody could choose. A run does not fail because nothing can be kept.
 */
export async function learn(
  run: Run,
  tools: HealTools,
  { project: { profile }, targets }: Case,
  failures: readonly ClassifiedFailure[],
  searched: Searched,
): Promise<void> {
  const { knowledge } = tools;
  if (knowledge === undefined) return;
  const red = new Set([...targets.tests, ...targets.files]);
  const about = failures.find(({ tests }) => tests.some((id) => red.has(id))) ?? failures[0];
  if (about === undefined) return;
  const learned = await run.step("learn", { tried: searched.tried }, async () => {
    const lessons = Object.values(searched.efforts).map(({ name, instance, tried, wallMs, costMicroUsd }): Lesson => {
      const own = searched.judged.filter(({ candidate: { provenance } }) =>
        instance === undefined ? provenance.proposer === name : provenance.method === instance,
      );
      const methodsOf = (kind: string) =>
        // What several rounds found together was learned of each.
        own
          .filter(({ verdict, candidate }) => verdict.kind === kind && candidate.id !== togetherId)
          .map(({ candidate }) => methodOf(candidate));
      return {
        version: 1,
        at: Date.now(),
        language: profile.language,
        category: about.category,
        proposer: name,
        ...(instance === undefined ? {} : { instance }),
        features: {
          tests: about.tests.length,
          places: about.failure.frames.length,
          sourceFiles: profile.sourceFiles.length,
        },
        tried,
        accepted: searched.ambiguity === undefined ? methodsOf("accepted") : [],
        refused: methodsOf("rejected"),
        survived: [],
        refuted: [],
        wallMs,
        costMicroUsd,
      };
    });
    try {
      await knowledge.add(lessons);
      return { kept: lessons.length };
    } catch (error) {
      if (error instanceof FaultError) return { kept: 0, problem: error.fault.message };
      throw error;
    }
  });
  if ("problem" in learned) {
    await run.emit({ type: "note", level: "info", message: `nothing was learned: ${learned.problem}` });
  }
}

/** Who writes code as it likes chose only the kind of edit; the others made it by a method that has a name. */
function methodOf({ provenance, edits: [edit] }: Candidate): string {
  const { proposer, method } = provenance;
  return proposer === "search" || proposer === "recent-hunks" || edit === undefined ? method : edit.kind;
}
