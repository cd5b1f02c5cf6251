import type { Edit } from "@assay/sdk";
import { answerCharactersMax, type ModelAnswerEnd, type ProposalRequest } from "#ports";
import { type EditMode, nextWider } from "../edit-mode.ts";
import { answerKeys } from "./answer-schema.ts";
import { type AnswerShape, shapeOf } from "./answer-shape.ts";
import { checkResult } from "./check-result.ts";
import { codeInProse } from "./code-in-prose.ts";
import { documentsIn } from "./documents.ts";
import { editOfAnswer } from "./edit-of-answer.ts";
import { fencedBlocks } from "./fenced-blocks.ts";
import { linesOf } from "./lines-of.ts";
import { lostNames } from "./lost-names.ts";
import { projectFiles } from "./project-files.ts";
import { sameResult } from "./same-result.ts";

export type ReadAnswer =
  | { kind: "edit"; mode: EditMode; reasoning: string; edits: Edit[] }
  /** `problem` is a clause for the model to read; it begins with `identical` where the edit was tried before. */
  | { kind: "unusable"; problem: string; nextMode: EditMode };

const reasoningCharactersMax = 4_000;

type Proposed = Extract<AnswerShape, { kind: "proposed" }> & { inProse?: boolean };
type Unusable = Extract<ReadAnswer, { kind: "unusable" }>;

/**
 * What a model's answer means, compared with the project: an edit that applies to the snapshot, changes source files only, leaves them
 * well-formed and was not tried before; else exactly why not, and which mode to ask for next: the next wider one, or the same where
 * the mode was not the matter. A rewrite that was cut off is asked for as a diff, which is shorter. Any of the three edits will do,
 * whichever was asked for. Never throws for what a model says. Reads at most `answerCharactersMax` characters, each a fixed number of times.
 */
export async function readAnswer(
  text: string,
  end: ModelAnswerEnd,
  request: ProposalRequest,
  mode: EditMode,
): Promise<ReadAnswer> {
  const found = await proposedIn(text, end, request, mode);
  if (found.kind === "unusable") return found;
  const read = projectFiles(request);
  const placed = await editOfAnswer(found.file, found.edit, request, read);
  if (placed.kind === "problem") return unusable(placed.problem, nextWider(mode));
  const problem =
    (await checkResult(placed.changes, request, read)) ??
    (await lostNames(placed, found.inProse ? "code" : mode, read));
  if (problem !== undefined) return unusable(problem, nextWider(mode));
  const tried = await sameResult(placed.changes, request.earlier ?? [], read);
  if (tried !== undefined) {
    const same = `identical to a candidate that was checked before: ${tried.verdict.kind}`;
    return unusable(same, nextWider(mode));
  }
  const reasoning = found.reasoning.slice(0, reasoningCharactersMax);
  return { kind: "edit", mode: found.edit.mode, reasoning, edits: [placed.edit] };
}

async function proposedIn(
  given: string,
  end: ModelAnswerEnd,
  request: ProposalRequest,
  mode: EditMode,
): Promise<Proposed | Unusable> {
  if (end === "refused") return unusable("the model refused to answer", mode);
  if (end === "tool-call") return unusable("a tool was called, but there are no tools: answer in text", mode);
  if (given.length > answerCharactersMax) {
    return unusable(`the answer is longer than ${answerCharactersMax} characters`, mode);
  }
  const text = given.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const cut = end === "truncated";
  if (text.trim() === "") return unusable(cut ? cutOff : "the answer is empty", mode);
  const lines = linesOf(text);
  const blocks = fencedBlocks(lines);
  let problem: string | undefined;
  for (const { value, complete } of documentsIn(text, lines, blocks, cut, answerKeys)) {
    const shape = shapeOf(value);
    if (shape.kind === "proposed" && complete) return shape;
    if (shape.kind === "malformed" && complete) problem ??= shape.problem;
  }
  if (cut) return unusable(cutOff, mode === "rewrite" ? "diff" : mode);
  if (problem !== undefined) return unusable(problem, nextWider(mode));
  const code = await codeInProse(blocks, request);
  if (code?.kind === "unclear") return unusable(code.problem, nextWider(mode));
  if (code !== undefined) {
    return { kind: "proposed", reasoning: proseOf(lines), file: code.file, edit: code.edit, inProse: true };
  }
  return unusable(noAnswer, nextWider(mode));
}

function unusable(problem: string, nextMode: EditMode): Unusable {
  return { kind: "unusable", problem, nextMode };
}

const noAnswer =
  "there is no answer in the form asked for: one document with reasoning, file_to_patch and exactly one of update, patch and new_content";

const cutOff = "the answer was cut off at the limit of its length before it was complete: answer more briefly";

/** What a model said before its code. */
function proseOf(lines: readonly string[]): string {
  const fence = lines.findIndex((line) => line.trimStart().startsWith("```") || line.trimStart().startsWith("~~~"));
  return lines.slice(0, Math.max(0, fence)).join("\n").trim();
}
