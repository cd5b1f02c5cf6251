import { basename } from "node:path";
import { raise } from "#domain";
import { readTests } from "#oracle";
import { digestOf } from "#ports";
import { languageOf, parseSource, type SyntaxNode } from "#syntax";
import type { CaseLine } from "./read-cases.ts";
import type { TestFile } from "./read-test-file.ts";

/** The files without what is held out. A file of which nothing is left is left out. */
export type Split = { visible: readonly TestFile[]; heldOut: number; all: number };

/**
 * Holds out a part of the tests, drawn by the seed: a line, a test function, a call of `test`. Drawn by a digest of what they
 * are, so that the same tests and seed give the same split. At least one is held out and at least one is left; raises `usage` for fewer
 * than two. What is held out goes with the comments right above it; what tests share (helpers, tables) stays.
 */
export function holdOut(files: readonly TestFile[], { fraction, seed }: { fraction: number; seed: number }): Split {
  const units = files.flatMap((file, index) => unitsOf(file).map((unit) => ({ file: index, unit })));
  if (units.length < 2) {
    raise("usage", `of ${units.length} test none can be held out`, "give more tests, or hidden ones with --hidden");
  }
  const count = Math.min(units.length - 1, Math.max(1, Math.round(units.length * fraction)));
  const drawn = units
    .map((one, index) => ({ ...one, lot: digestOf(`${seed}\n${index}\n${one.file}`) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, count);
  const visible = files.flatMap((file, index) => {
    const out = drawn.filter((one) => one.file === index).map(({ unit }) => unit);
    if (out.length === unitsOf(file).length && out.length > 0) return [];
    return [out.length === 0 ? file : without(file, out)];
  });
  return { visible, heldOut: count, all: units.length };
}

/** A test that can be held out: a line by its number, or a range of the source. */
type Unit = { kind: "line"; line: number } | { kind: "range"; start: number; end: number };

function unitsOf(file: TestFile): Unit[] {
  if (file.kind === "lines") return file.cases.map(({ line }) => ({ kind: "line", line }));
  const name = basename(file.given.path);
  const language = languageOf(name);
  const parsed = language && parseSource(language, file.given.text);
  if (parsed?.kind !== "parsed") return [];
  return readTests(parsed.tree).tests.map(({ node }) => ({ kind: "range", ...widened(file.given.text, node) }));
}

/** With the comments above it, and those that belong to its body but stand behind the last statement. */
function widened(source: string, node: SyntaxNode): { start: number; end: number } {
  const before = source.slice(0, node.start);
  const indent = /[^\n]*$/.exec(before)?.[0].length ?? 0;
  // Only comments as far in as the test: `pass` takes their place.
  const above = new RegExp(`(?:^|\\n)((?:[ \\t]{${indent}}(?:#|//)[^\\n]*\\n)+)[ \\t]*$`).exec(before)?.[1];
  const start = above === undefined ? node.start : before.lastIndexOf(above) + indent;
  const trailing = /^[ \t]*;?[ \t]*(?:#|\/\/)[^\n]*/.exec(source.slice(node.end))?.[0];
  if (trailing !== undefined) return { start, end: node.end + trailing.length };
  const deeper = new RegExp(`^(?:[ \\t]*\\n|[ \\t]{${indent + 1},}#[^\\n]*(?:\\n|$))+`);
  const rest = source.slice(node.end).replace(/^[^\n]*\n/, "");
  const skipped = source.length - node.end - rest.length;
  const behind = source.slice(node.end, node.end + skipped).trim() === "" ? deeper.exec(rest)?.[0] : undefined;
  return { start, end: behind?.includes("#") === true ? node.end + skipped + behind.trimEnd().length : node.end };
}

function without(file: TestFile, out: readonly Unit[]): TestFile {
  if (file.kind === "lines") {
    const gone = new Set(out.map((unit) => (unit.kind === "line" ? unit.line : 0)));
    const cases: CaseLine[] = file.cases.filter(({ line }) => !gone.has(line));
    return { ...file, cases };
  }
  let { text } = file.given;
  const nothing = file.runner === "pytest" ? "pass" : ";";
  const ranges = out.flatMap((unit) => (unit.kind === "range" ? [unit] : []));
  // From the end: what is cut moves nothing before it.
  for (const unit of ranges.sort((a, b) => b.start - a.start)) {
    // Lines keep their numbers.
    const lines = text.slice(unit.start, unit.end).split("\n").length - 1;
    text = text.slice(0, unit.start) + nothing + "\n".repeat(lines) + text.slice(unit.end);
  }
  return { ...file, given: { ...file.given, text } };
}
