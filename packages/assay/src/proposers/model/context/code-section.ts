import { fence } from "./fence.ts";
import type { Located, Spot } from "./locate.ts";
import { distinct, type Form, formOf, type Section } from "./section.ts";
import { numbered, type ShownText, shownText } from "./shown-text.ts";

/** How many of the suspicious pieces the forms show, the fullest first. */
const counts = [24, 12, 6, 3, 1] as const;
/** Lines on both sides of the most suspicious line, where not even one piece has room. */
const reaches = [20, 8, 3] as const;
/** Places named above the code. */
const suspectsMax = 5;
/** A file with no more lines than this is shown whole where there is room. */
const wholeLinesMax = 150;

/** The suspicious pieces of code with their line numbers, those of one file together. `except`: files shown already. */
export function codeSection({ sources, spots }: Located, except: ReadonlySet<string>): Section {
  const shown = new Map<string, ShownText>();
  const textOf = (file: string): ShownText => {
    const known = shown.get(file) ?? shownText(sources.texts.get(file) ?? "");
    shown.set(file, known);
    return known;
  };
  const left = spots.filter(({ file }) => !except.has(file));
  const [worst] = left;
  const forms: Form[] = [];
  if (worst !== undefined) {
    const isSmall = (file: string): boolean => textOf(file).lines.length <= wholeLinesMax;
    const small = new Set(left.map(({ file }) => file).filter(isSmall));
    forms.push(fenced(left, textOf, small));
    for (const count of counts) forms.push(fenced(left.slice(0, count), textOf, new Set()));
    for (const reach of reaches) {
      const window = { ...worst, start: worst.focus - reach, end: worst.focus + reach };
      forms.push(fenced([clipped(window, worst)], textOf, new Set()));
    }
  }
  return { name: "the suspicious code", priority: 1, required: except.size === 0, forms: distinct(forms) };
}

/** The places where coverage or frames point, in a few lines. */
function suspectsOf(spots: readonly Spot[]): string[] {
  const lines = spots.filter(({ pointed }) => pointed).slice(0, suspectsMax);
  const told = lines.map(({ file, focus, name }) =>
    shownText(`${file}:${focus}${name === undefined ? "" : ` in ${name}`}`).lines.join(" "),
  );
  return told.length === 0 ? [] : [fence("where to look first, the likeliest place first", told.join("\n"))];
}

function clipped(window: Spot, { start, end }: Spot): Spot {
  return { ...window, start: Math.max(start, window.start), end: Math.min(end, window.end) };
}

function fenced(spots: readonly Spot[], textOf: (file: string) => ShownText, whole: ReadonlySet<string>): Form {
  const files = [...new Set(spots.map(({ file }) => file))];
  const blocks = files.map((file) => {
    const text = textOf(file);
    if (whole.has(file)) return fence(`${file}, whole`, numbered(text).join("\n"));
    const ranges = merged(
      spots.filter((spot) => spot.file === file),
      text.lines.length,
    );
    return fence(`${file}, parts of ${text.lines.length} lines`, excerpt(text, ranges).join("\n"));
  });
  return formOf([...suspectsOf(spots), ...blocks], files, [...whole]);
}

type Range = { start: number; end: number };

/** In the order of the source; what is apart by a line or two is one. */
function merged(spots: readonly Range[], lineCount: number): Range[] {
  const ranges: Range[] = [];
  for (const { start, end } of spots.toSorted((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    const to = Math.min(end, lineCount);
    if (last !== undefined && start <= last.end + 3) last.end = Math.max(last.end, to);
    else ranges.push({ start, end: to });
  }
  return ranges;
}

function excerpt(text: ShownText, ranges: readonly Range[]): string[] {
  const lines: string[] = [];
  let next = 1;
  for (const { start, end } of ranges) {
    if (start > next) lines.push(`… ${start - next} lines left out`);
    lines.push(...numbered(text, start, end));
    next = end + 1;
  }
  const rest = text.lines.length - next + 1;
  if (rest > 0) lines.push(`… ${rest} lines left out`);
  return lines;
}
