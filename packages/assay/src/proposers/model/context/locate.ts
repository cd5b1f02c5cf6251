import type { ProposalRequest } from "#ports";
import { filesBestFirst } from "../../search/ranked-edit.ts";
import { readText } from "../../search/read-text.ts";
import { SourceTrees } from "../../search/source-trees.ts";
import { suspectFiles } from "../../search/suspect-files.ts";
import { type Unit, unitsOf } from "./units.ts";

/** Source files read where there is no grammar for the language. */
const plainFilesMax = 50;
/** Files of which the most suspicious pieces are looked for. */
const suspectedFilesMax = 30;
const spotsMax = 24;
/** Lines around a frame, where it is not known which function it is in. */
const reach = 15;
/** A statement longer than this, e.g. a class without methods or a table, is shown around its most suspicious line. */
const unitLinesMax = 120;

/** A suspicious piece of a file; `focus` is its most suspicious line, `pointed`: coverage or frames say so. */
export type Spot = Unit & { file: string; focus: number; score: number; pointed: boolean };

export type Located = {
  sources: SourceTrees;
  /** Source files, the most suspicious first. */
  files: readonly string[];
  /** The most suspicious first. */
  spots: readonly Spot[];
};

/**
 * Where the failures may come from: by coverage (Ochiai), frames, and what the failing tests import, as the search does it; in
 * languages without a grammar by frames alone.
 */
export async function locate(request: ProposalRequest): Promise<Located> {
  const { suspicion, texts } = await suspectFiles(request);
  if (texts.size === 0) return locateByFrames(request);
  const sources = new SourceTrees(texts);
  const suspected = filesBestFirst(suspicion).filter((file) => texts.has(file));
  const spots: Spot[] = [];
  for (const file of suspected.slice(0, suspectedFilesMax)) {
    const entry = suspicion.files.get(file);
    const tree = sources.tree(file);
    const lineCount = (texts.get(file) ?? "").split("\n").length;
    const units = tree === undefined ? [{ start: 1, end: lineCount }] : unitsOf(tree);
    const worst = worstLines(units, entry?.lines ?? new Map());
    for (const [index, unit] of units.entries()) {
      const found = worst.get(index);
      const { focus, score } = found ?? { focus: unit.start, score: entry?.base ?? 0 };
      const pointed = found !== undefined;
      if (score > 0) spots.push({ ...narrowed(unit, focus), file, focus, score, pointed });
    }
  }
  spots.sort((a, b) => b.score - a.score);
  const files = [...suspected, ...[...texts.keys()].filter((file) => !suspected.includes(file))];
  return { sources, files, spots: spots.slice(0, spotsMax) };
}

/** Of each unit, by its index, the most suspicious line. Units are sorted and apart. */
function worstLines(
  units: readonly Unit[],
  lines: ReadonlyMap<number, number>,
): Map<number, { focus: number; score: number }> {
  const worst = new Map<number, { focus: number; score: number }>();
  let index = 0;
  for (const [line, score] of [...lines].sort(([a], [b]) => a - b)) {
    while (index < units.length && (units[index]?.end ?? 0) < line) index += 1;
    if (line < (units[index]?.start ?? line + 1)) continue;
    if (score > (worst.get(index)?.score ?? 0)) worst.set(index, { focus: line, score });
  }
  return worst;
}

function narrowed(unit: Unit, focus: number): Unit {
  if (unit.end - unit.start < unitLinesMax) return unit;
  const start = Math.max(unit.start, focus - unitLinesMax / 2);
  return { ...unit, start, end: Math.min(unit.end, start + unitLinesMax) };
}

async function locateByFrames({ failures, profile, snapshot }: ProposalRequest): Promise<Located> {
  const frames = failures.flatMap(({ failure }) => [
    ...(failure.file !== undefined && failure.line !== undefined ? [{ file: failure.file, line: failure.line }] : []),
    ...failure.frames,
  ]);
  const known = new Set(profile.sourceFiles);
  const framed = frames.filter(({ file }) => known.has(file));
  const texts = new Map<string, string>();
  for (const file of [...new Set([...framed.map(({ file }) => file), ...profile.sourceFiles])].slice(
    0,
    plainFilesMax,
  )) {
    const text = await readText(snapshot, file);
    if (text !== undefined) texts.set(file, text);
  }
  const linesIn = (file: string): number => (texts.get(file) ?? "").split("\n").length;
  const spots: Spot[] = [];
  for (const [depth, { file, line }] of framed.entries()) {
    const isSeen = spots.some((spot) => spot.file === file && spot.start <= line && line <= spot.end);
    if (isSeen || !texts.has(file)) continue;
    const [start, end] = [Math.max(1, line - reach), Math.min(linesIn(file), line + reach)];
    spots.push({ file, start, end, focus: line, score: 1 / (1 + depth), pointed: true });
  }
  if (spots.length === 0) {
    for (const file of texts.keys()) {
      spots.push({ file, start: 1, end: Math.min(linesIn(file), unitLinesMax), focus: 1, score: 0.1, pointed: false });
    }
  }
  return { sources: new SourceTrees(texts), files: [...texts.keys()], spots: spots.slice(0, spotsMax) };
}
