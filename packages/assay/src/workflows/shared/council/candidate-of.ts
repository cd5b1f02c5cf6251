import { z } from "zod";
import type { AcceptedVerdict, ChangedFile, ProvenCandidate } from "#council";
import { attemptName } from "#domain";
import type { Run } from "#engine";
import type { LanguageModel } from "#ports";
import type { Case, Judged } from "../repair/check.ts";
import type { WorkflowTools } from "../tools.ts";

export type Proven = Judged & { verdict: AcceptedVerdict };

/** A model that sits twice has a name behind its id. */
function isBy(method: string, id: string): boolean {
  return method === id || method.startsWith(`${id} as `);
}

const filesSchema: z.ZodType<ChangedFile[]> = z.array(
  z.object({ path: z.string(), before: z.string().exactOptional(), after: z.string().exactOptional() }),
);

/** A proven change as the council sees it: the texts before and after, as they are, not as its proposer tells them. */
export async function candidateOf(
  run: Run,
  tools: WorkflowTools,
  { project }: Case,
  { candidate, verdict, evidence, patch }: Proven,
  judges: readonly LanguageModel[],
): Promise<ProvenCandidate> {
  const files = await run.step(
    `council.${candidate.id}.files`,
    { patch },
    async (): Promise<ChangedFile[]> => {
      await using base = await tools.workspaces.open(project.snapshot, attemptName(run.id, candidate.id, "before"));
      await using workspace = await tools.workspaces.open(project.snapshot, attemptName(run.id, candidate.id, "after"));
      const applied = await workspace.apply(candidate.edits);
      if (applied.kind === "failed") throw new Error(`applied before, not now: ${JSON.stringify(applied.problems)}`);
      return await Promise.all(
        [...applied.changed].map(async (path) => {
          const [before, after] = [await base.read(path), await workspace.read(path)];
          return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
        }),
      );
    },
    filesSchema,
  );
  const author = judges.find(({ description }) => isBy(candidate.provenance.method, description.id))?.description;
  return {
    id: candidate.id,
    verdict,
    evidence: evidence.map(({ digest }) => digest),
    files,
    ...(author === undefined ? {} : { author: { id: author.id, family: author.family } }),
  };
}
