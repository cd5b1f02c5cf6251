import { isWellFormed, languageOf, parseSource } from "#syntax";
import { chooseControls, type Effort } from "./choose-controls.ts";
import { findJavaScriptTests } from "./javascript/find-tests.ts";
import { findPythonTests } from "./python/find-tests.ts";
import { Seeded } from "./seeded.ts";
import { type Left, spliced, type TestUnit } from "./test-unit.ts";

/** A test under its opaque name: itself, or a copy that must fail. */
export type Copy = {
  /** Project-relative path of the file. */
  file: string;
  /** The test as a person would name it. */
  name: string;
  /** What of a reported id shows that it is of this copy. */
  written: string;
  /** What stands there in the id of the test itself. */
  real: string;
  /** Titles of its subtests, from the outermost inwards. */
  subtests: readonly (readonly string[])[];
  role: { kind: "original" } | { kind: "control"; altered: readonly { path: readonly string[]; says: string }[] };
};

export type ControlledFile = {
  path: string;
  /** The rewritten source; absent when nothing in it has a control. */
  source?: string;
  copies: readonly Copy[];
  /** Tests without a control. */
  left: readonly Left[];
};

const noAssertion = "it has no assertion that can be altered";

/** How a file of this name is read, if tests in it can have controls. */
export function hasControls(path: string): boolean {
  return languageOf(path) !== undefined;
}

/**
 * Rewrites a test file so that each test stands there under an opaque random name beside altered copies that must fail, in
 * random order. Deterministic given the seed. The result parses, or the file is left as it is.
 */
export function makeControls(
  path: string,
  source: string,
  seed: number,
  effort: (unit: TestUnit) => Effort = () => "several",
): ControlledFile {
  const language = languageOf(path);
  if (language === undefined) return { path, copies: [], left: [] };
  const parsed = parseSource(language, source);
  if (parsed.kind === "refused")
    return { path, copies: [], left: [{ name: path, why: `the file is ${parsed.reason}` }] };
  const { units, left } = language.name === "python" ? findPythonTests(parsed.tree) : findJavaScriptTests(parsed.tree);
  const random = new Seeded(seed, path);
  const copies: Copy[] = [];
  const without: Left[] = [...left];
  const slots = units.flatMap((unit) => {
    const controls = chooseControls(unit, effort(unit), random);
    if (controls.length === 0) {
      without.push({ name: unit.name, why: noAssertion });
      return [];
    }
    const drafts = [
      { splices: [], role: { kind: "original" as const } },
      ...controls.map(({ splices, altered }) => ({ splices, role: { kind: "control" as const, altered } })),
    ];
    const subtests = unit.parts.map((part) => part.path).filter((part) => part.length > 0);
    const texts = random.shuffled(drafts).map(({ splices, role }) => {
      const token = random.hex(12);
      copies.push({ file: path, name: unit.name, ...unit.inId(token), subtests, role });
      return spliced(source, unit.start, unit.end, [unit.rename(token), ...splices]);
    });
    const [before, behind] = unit.around ?? ["", ""];
    return [{ start: unit.start, end: unit.end, text: before + texts.join(unit.separator) + behind }];
  });
  if (slots.length === 0) return { path, copies: [], left: without };
  // What an alteration outside its test's own text would touch is shared with the original.
  const rewritten = spliced(source, 0, source.length, slots);
  if (!isWellFormed(language, rewritten)) {
    return { path, copies: [], left: [{ name: path, why: "it cannot be rewritten" }, ...without] };
  }
  return { path, source: rewritten, copies, left: without };
}
