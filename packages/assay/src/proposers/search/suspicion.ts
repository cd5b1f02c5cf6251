import type { ClassifiedFailure } from "@assay/sdk";
import type { Place } from "#syntax";

/** What is added for a frame of a failure's stack, innermost first, each further out that much less. */
const frameBonus = 0.2;
const frameDecay = 0.6;

/** What runs when a module is loaded is not in a test's own coverage; it may be at fault all the same. */
const loadScore = 0.15;

/** Of the score of the line beside it, for a statement put between two lines. */
const neighbourShare = 0.7;

/** Lines around a frame that are suspected where there is no coverage. */
const frameReach = 30;

/** How suspicious places are; files that are not in it are not suspected. */
export type Suspicion = {
  readonly files: ReadonlyMap<string, { lines: ReadonlyMap<number, number>; base: number; load: number }>;
};

type MutableSuspicion = Map<string, { lines: Map<number, number>; base: number; load: number }>;

/** From what tests executed, and the failures' frames. */
export function suspicionByCoverage(
  scores: ReadonlyMap<string, ReadonlyMap<number, number>>,
  failures: readonly ClassifiedFailure[],
): Suspicion {
  const files: MutableSuspicion = new Map();
  for (const [file, lines] of scores) files.set(file, { lines: new Map(lines), base: 0, load: loadScore });
  for (const { failure } of failures) {
    for (const [depth, frame] of failure.frames.entries()) {
      const entry = files.get(frame.file);
      const score = entry?.lines.get(frame.line);
      if (!entry || score === undefined) continue;
      const known = scores.get(frame.file)?.get(frame.line) ?? 0;
      // Many failures with one frame count once.
      entry.lines.set(frame.line, Math.max(score, known + frameBonus * frameDecay ** depth));
    }
  }
  return { files };
}

/** Without coverage: the failures' frames, then what the failing tests import, then everything alike. */
export function suspicionByFrames(
  failures: readonly ClassifiedFailure[],
  sourceFiles: readonly string[],
  imported: readonly string[],
): Suspicion {
  const files: MutableSuspicion = new Map();
  const known = new Set(sourceFiles);
  const base = imported.length > 0 ? 0 : 0.1;
  for (const file of sourceFiles) if (base > 0) files.set(file, { lines: new Map(), base, load: base });
  for (const file of imported) files.set(file, { lines: new Map(), base: 0.3, load: 0.2 });
  for (const { failure } of failures) {
    const frames = failure.frames.filter((frame) => known.has(frame.file));
    for (const [depth, frame] of frames.entries()) {
      const entry = files.get(frame.file) ?? { lines: new Map<number, number>(), base: 0.2, load: 0.2 };
      files.set(frame.file, entry);
      for (let distance = -frameReach; distance <= frameReach; distance += 1) {
        const score = (0.8 ** depth * 1) / (1 + Math.abs(distance) / 10);
        const line = frame.line + distance;
        if (score > (entry.lines.get(line) ?? entry.base)) entry.lines.set(line, score);
      }
    }
  }
  return { files };
}

/** The same files, each of their lines as suspicious as the next. */
export function evenly({ files }: Suspicion): Suspicion {
  return { files: new Map([...files.keys()].map((file) => [file, { lines: new Map(), base: 0.5, load: 0.5 }])) };
}

/** The score of an edit at a place; 0: not suspected. */
export function scoreAt(suspicion: Suspicion, file: string, place: Place, insertion: boolean): number {
  const entry = suspicion.files.get(file);
  if (entry === undefined) return 0;
  const at = (line: number): number => entry.lines.get(line) ?? entry.base;
  const own = Math.max(at(place.line), at(place.statementLine), place.atLoad ? entry.load : 0);
  if (!insertion) return own;
  return Math.max(own, neighbourShare * at(place.line - 1), neighbourShare * at(place.line + 1));
}

/** The most suspicious lines first. */
export function topSuspects(suspicion: Suspicion, count: number): { file: string; line: number; score: number }[] {
  return [...suspicion.files]
    .flatMap(([file, { lines }]) => [...lines].map(([line, score]) => ({ file, line, score: Math.min(1, score) })))
    .sort((a, b) => b.score - a.score || a.file.localeCompare(b.file) || a.line - b.line)
    .slice(0, count);
}
