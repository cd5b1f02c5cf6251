import type { ProposalRequest } from "#ports";
import {
  type Changes,
  isWellFormed,
  languageOf,
  type ReadFileState,
  sourceCharactersMax,
  syntaxErrorLine,
} from "#syntax";
import { redactedMark, revealedMark } from "../context/marks.ts";
import { leavesOut } from "./leaves-out.ts";

/** Why what an edit makes of the files is not worth a run of the tests, if so. */
export async function checkResult(
  changes: Changes,
  request: ProposalRequest,
  read: ReadFileState,
): Promise<string | undefined> {
  let changed = false;
  for (const [path, state] of changes) {
    const found = await read(path);
    const before = found.kind === "file" ? found.state.text : undefined;
    if (state?.text === before) continue;
    changed = true;
    if (state === undefined) continue;
    const problem = notShown(path, before, state.text) ?? leavesOut(path, before, state.text);
    if (problem !== undefined) return problem;
    const malformed = malformedAfter(path, before, state.text, request);
    if (malformed !== undefined) return malformed;
  }
  return changed ? undefined : "nothing would change: the files have this content already";
}

function notShown(path: string, before = "", after: string): string | undefined {
  for (const mark of [redactedMark, revealedMark]) {
    if (after.split(mark).length <= before.split(mark).length) continue;
    return `${path} would have ${mark} in it, which stands for text that was not shown: leave such lines as they are, with an edit that does not touch them`;
  }
  return undefined;
}

/** A file that the grammar could not read before tells nothing, unless that is what is to be mended. */
function malformedAfter(
  path: string,
  before: string | undefined,
  after: string,
  request: ProposalRequest,
): string | undefined {
  const language = languageOf(path);
  if (language === undefined) return undefined;
  if (after.length > sourceCharactersMax) return `${path} would be longer than ${sourceCharactersMax} characters`;
  const line = syntaxErrorLine(language, after);
  if (line === undefined) return undefined;
  const wasRead = before === undefined || isWellFormed(language, before);
  if (!wasRead && !request.failures.some(({ category }) => category === "syntax")) return undefined;
  const text = (after.split("\n", line)[line - 1] ?? "").slice(0, 200);
  return `${path} would not be well-formed ${language.name} any more: line ${line}, ${JSON.stringify(text)}`;
}
