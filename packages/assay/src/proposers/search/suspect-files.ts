import type { Edit } from "@assay/sdk";
import type { ProposalRequest } from "#ports";
import { importedFiles, languageOf } from "#syntax";
import { withHints } from "./hints.ts";
import { ochiai } from "./ochiai.ts";
import { filesBestFirst } from "./ranked-edit.ts";
import { readText } from "./read-text.ts";
import { type Suspicion, suspicionByCoverage, suspicionByFrames } from "./suspicion.ts";

/** Source files read for one request, the most suspected first. */
const filesMax = 200;

/** What is suspected, lines that `recent` would take back the more, and the text of the files that are and of others, those of a known language. */
export async function suspectFiles(
  request: ProposalRequest,
  recent: readonly Edit[] = [],
): Promise<{ suspicion: Suspicion; texts: Map<string, string> }> {
  const editable = request.profile.sourceFiles.filter((file) => languageOf(file) !== undefined);
  const suspicion = await suspicionOf(request, editable);
  const texts = new Map<string, string>();
  // Those that are not suspected are read for the names that they define.
  for (const file of [...new Set([...filesBestFirst(suspicion), ...editable])].slice(0, filesMax)) {
    const text = await readText(request.snapshot, file);
    if (text !== undefined) texts.set(file, text);
  }
  return { suspicion: withHints(suspicion, texts, request.failures, recent), texts };
}

async function suspicionOf(request: ProposalRequest, editable: readonly string[]): Promise<Suspicion> {
  const { coverage, failures, targets, guards, snapshot } = request;
  if (coverage !== undefined) {
    const scores = ochiai(coverage, new Set(targets), new Set(guards), new Set(editable));
    if (scores.size > 0) return suspicionByCoverage(scores, failures);
  }
  const testFiles = new Set(request.baseline.results.filter((r) => targets.includes(r.id)).map((r) => r.file));
  const imported = new Set<string>();
  for (const file of testFiles) {
    const text = await readText(snapshot, file);
    for (const source of text === undefined ? [] : importedFiles(file, text, editable)) imported.add(source);
  }
  return suspicionByFrames(failures, editable, [...imported]);
}
