import type { Digest } from "@assay/sdk";
import { structuredPatch } from "diff";
import { canonicalJson, digestOf } from "#ports";
import { type CodeForm, codeForms, textForms } from "./code-form.ts";
import { type ChangeSize, nodesChanged } from "./minimality.ts";
import type { ChangedFile } from "./proven-candidate.ts";
import { reveal } from "./reveal.ts";

/** A change that tells nothing of who made it, or in which words. */
export type CanonicalChange = {
  /** Equal for two changes of one base that make the same code of it, however they comment and lay it out. */
  digest: Digest;
  /** Unified, three lines of context, files sorted by path, without comments and blank lines where the language is known. */
  diff: string;
  size: ChangeSize;
  /** Lines removed and added with comments and layout, as they were written. */
  linesWritten: number;
};

const contextLines = 3;
/** Lines removed and added until the shortest diff is no longer looked for, which takes time in its square. */
const editLengthMax = 600;

type FileForms = { path: string; before: CodeForm; after: CodeForm; exists: { before: boolean; after: boolean } };

/**
 * The canonical form of a change, made of the files' texts and of nothing that its author said of it. Code is compared by its syntax
 * tree: comments, layout, optional semicolons and commas and the kind of quotes do not count. In other files every character does,
 * and so it does everywhere in a change that would otherwise be none. Throws an `Error` for a path given twice and for no change.
 */
export function canonicalChange(files: readonly ChangedFile[]): CanonicalChange {
  const changed = files.filter(({ before, after }) => before !== after).sort((a, b) => (a.path < b.path ? -1 : 1));
  if (changed.length === 0) throw new Error("it changes nothing");
  const twice = changed.find(({ path }, index) => changed[index + 1]?.path === path);
  if (twice !== undefined) throw new Error(`it changes ${twice.path} twice`);
  const asCode = changed
    .map((file) => formsOf(file, codeForms(file.path, [file.before, file.after])))
    .filter(({ before, after, exists }) => exists.before !== exists.after || !sameCode(before, after));
  const forms = asCode.length > 0 ? asCode : changed.map((file) => formsOf(file, undefined));
  const hunks = forms.map(({ before, after }) => hunkLines(before.shown, after.shown));
  return {
    digest: digestOf(canonicalJson(forms.map(identityOf))),
    diff: forms.map((file, index) => [...header(file), ...(hunks[index] ?? [])].join("\n")).join("\n"),
    size: {
      nodesChanged: sum(forms.map(({ before, after }) => nodesChanged(before.nodes, after.nodes))),
      linesChanged: sum(hunks.map(countChanged)),
      filesChanged: forms.length,
    },
    linesWritten: sum(changed.map(({ before, after }) => countChanged(hunkLines(before ?? "", after ?? "")))),
  };
}

function formsOf({ path, before, after }: ChangedFile, code: CodeForm[] | undefined): FileForms {
  const [old, fresh] = code ?? textForms([before, after]);
  if (old === undefined || fresh === undefined) throw new Error(`${path} has no two sides`);
  return { path, before: old, after: fresh, exists: { before: before !== undefined, after: after !== undefined } };
}

function identityOf({ path, before, after, exists }: FileForms) {
  return {
    path: path.toWellFormed(),
    before: exists.before ? before.identity : null,
    after: exists.after ? after.identity : null,
  };
}

function sameCode(before: CodeForm, after: CodeForm): boolean {
  return canonicalJson(before.identity) === canonicalJson(after.identity);
}

function header({ path, exists }: FileForms): string[] {
  const name = reveal(path).replaceAll("\n", "⟦U+000A⟧");
  return [`--- ${exists.before ? `a/${name}` : "/dev/null"}`, `+++ ${exists.after ? `b/${name}` : "/dev/null"}`];
}

/** Headers of hunks and their lines. */
function hunkLines(before: string, after: string): string[] {
  const options = { context: contextLines, maxEditLength: editLengthMax };
  const patch = structuredPatch("a", "b", before, after, "", "", options);
  if (patch === undefined) return ["@@ the whole file @@", ...marked("-", before), ...marked("+", after)];
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines.map(reveal),
  ]);
}

function marked(mark: "-" | "+", text: string): string[] {
  return reveal(text)
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `${mark}${line}`);
}

function countChanged(lines: readonly string[]): number {
  return lines.filter((line) => /^[+-]/.test(line)).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
