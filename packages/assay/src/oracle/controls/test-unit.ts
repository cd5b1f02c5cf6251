import type { Seeded } from "./seeded.ts";

/** A replacement in a source text; UTF-16 code units, `end` exclusive. */
export type Splice = { start: number; end: number; text: string };

/** One way to make an assertion fail that holds. */
export type Alteration = { splice: Splice; says: string };

export type Assertion = {
  /** Executed whenever its test comes to its end. */
  always: boolean;
  /** Different alterations, at most `alterationsMax`; empty when there is none. The first is the hardest to get round. */
  alter(random: Seeded): Alteration[];
};

/** A test without its subtests, or one of its subtests. */
export type TestPart = { path: readonly string[]; assertions: readonly Assertion[] };

/** A test as it stands in a file, with everything that must move with it. */
export type TestUnit = {
  start: number;
  end: number;
  /** As a person would name it. */
  name: string;
  /** Stands between one copy and the next. */
  separator: string;
  /** Put before the first copy and behind the last where one statement had to be there. */
  around?: readonly [string, string];
  /** Puts a name in place of the test's own. */
  rename: (token: string) => Splice;
  /** What of an id shows that it is of this copy, and what stands there in the id of the test itself. */
  inId: (token: string) => { written: string; real: string };
  /** The test itself first. */
  parts: readonly TestPart[];
};

/** A test that is executed as it stands. */
export type Left = { name: string; why: string };

export const alterationsMax = 3;

/** The text from `start` to `end` with replacements that lie in it and do not overlap. */
export function spliced(source: string, start: number, end: number, splices: readonly Splice[]): string {
  let text = "";
  let at = start;
  for (const splice of [...splices].sort((a, b) => a.start - b.start)) {
    text += source.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return text + source.slice(at, end);
}
