import type { ClassifiedFailure } from "@assay/sdk";
import type { ProposalRequest } from "#ports";
import type { EditMode } from "../edit-mode.ts";

const width: Readonly<Record<EditMode, number>> = { update: 0, diff: 1, rewrite: 2 };

/**
 * Which edit to ask for: one failure that is unique and local → `update`; few places, few lines → `diff`; else `rewrite`. Several
 * failures need what the one that needs most does, and two places cannot be one `update`. What is written from a description is
 * written whole the first time. Failures of the environment ask for nothing.
 */
export function chooseMode(
  failures: readonly ClassifiedFailure[],
  request: Pick<ProposalRequest, "brief" | "earlier"> = {},
): EditMode {
  const isFirst = (request.earlier ?? []).length === 0;
  if (request.brief !== undefined && isFirst) return "rewrite";
  const modes = failures.filter(({ environment }) => !environment).map(({ suggestedMethod }) => suggestedMethod);
  const [first, ...others] = modes;
  if (first === undefined) return "rewrite";
  const widest = others.reduce<EditMode>((a, b) => (width[b] > width[a] ? b : a), first);
  return widest === "update" && others.length > 0 ? "diff" : widest;
}
