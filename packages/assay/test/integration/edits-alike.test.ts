import { describe, expect, test } from "vitest";
import { suiteLimits } from "#domain";
import { NodeTestRunner } from "#oracle";
import type { EditBatch, EditOutcome, Screen } from "#ports";
import { applyReplacement, generateReplacements, languageOf, parseSource, type Replacement } from "#syntax";
import { inlinePytest } from "../support/inline-pytest.ts";
import { JavaScriptProject, sandbox, withoutSandbox } from "../support/javascript-project.ts";
import { whyNoPytest } from "../support/pytest-project.ts";

const missing = await whyNoPytest();
const withoutNode = await withoutSandbox();
const skipped = (why: string | undefined) => (why === undefined ? "" : ` (skipped: ${why})`);
const file = "core.py";

/** Reads iterators, properties that count, and lists that are changed later: to ask for a value there must not change one. */
const source = `
class Shelf:
    def __init__(self, sizes):
        self.sizes = list(sizes)
        self.asked = 0

    @property
    def room(self):
        self.asked += 1
        return 10 - sum(self.sizes)

    def fits(self, size, spare=1):
        return size + spare < self.room and size > 0

    def add(self, size):
        if self.fits(size):
            kept = self.sizes
            kept.append(size)
        return [one for one in self.sizes if one > 1]


def first_long(words, length):
    stream = iter(words)
    for word in stream:
        if len(word) > length and word not in ("", "none"):
            return word.strip().lower() + str(length)
    return None


def clamp(n, low, high):
    if n < low:
        return high
    return n
`;

const tests = `
from core import Shelf, clamp, first_long
def test_add():
    shelf = Shelf([1, 2])
    assert shelf.add(5) == [5]
    assert shelf.sizes == [1, 2, 5]
    assert shelf.asked == 1
def test_first(): assert first_long(["a", " Long ", "none"], 3) == "long 3"
def test_clamp():
    assert clamp(3, 1, 5) == 3
    assert clamp(0, 1, 5) == 1
    assert clamp(9, 1, 5) == 5
def test_inside(): assert clamp(2, 1, 5) == 2
`;

describe.skipIf(missing !== undefined)(`Python edits that tests cannot tell apart${skipped(missing)}`, () => {
  test("are not run, and each of them is refused when it is", async () => {
    await using project = await inlinePytest({ "pytest.ini": "[pytest]\n", [file]: source, "test_core.py": tests });
    await using screen = await project.runner.screen({ ...project.request(), testMsMax: 2000 });
    if (screen?.tryEdits === undefined) throw new Error("the warm process did not come up");
    let count = 0;
    for (const target of ["test_add", "test_first", "test_clamp"]) {
      const edits = everyEdit(file, source).filter((edit, index) => index % 8 === 0 && aimsAt(target, edit));
      for (let at = 0; at < edits.length; at += 64) {
        const some = edits.slice(at, at + 64);
        const tests = [`test_core.py::${target}`];
        for (const { id, kind, alike } of await outcomesOf(screen, `test_core.py::${target}`, some)) {
          if (alike !== true) continue;
          count += 1;
          expect(kind).toBe("failed");
          if (count % 16 !== 0) continue;
          const files = { [file]: applyReplacement(source, some[id] as Replacement) };
          expect(await screen.try({ id, files, tests }), some[id]?.replacement).toMatchObject({ kind: "failed" });
        }
      }
    }
    expect(count).toBeGreaterThan(10);
  });

  test("are told from one that is right, in a condition and under one", async () => {
    await using project = await inlinePytest({ "pytest.ini": "[pytest]\n", [file]: source, "test_core.py": tests });
    await using screen = await project.runner.screen({ ...project.request(), testMsMax: 2000 });
    const at = source.indexOf("    if n < low:\n        return high\n");
    const guard = (condition: string, value: string) => ({
      start: at,
      end: at,
      text: `    if ${condition}:\n        return ${value}\n`,
    });
    const high = { start: source.indexOf("return high") + 7, end: source.indexOf("return high") + 11, text: "low" };
    const both = (one: ReturnType<typeof guard>) => ({
      ...one,
      end: high.end,
      text: `${one.text}    if n < low:\n        return low`,
    });
    const candidates = [
      guard("n == low", "n"),
      guard("low > high", "n"),
      guard("n < 0", "n"),
      both(guard("n > high", "low")),
      both(guard("n > high", "high")),
    ].map((edit, id) => ({ ...edit, id, order: 0 }));
    const batch = batchOf("test_core.py::test_clamp", candidates);
    const outcomes = await screen?.tryEdits?.(batch);
    expect(outcomes?.map(({ kind, alike }) => (alike ? "alike" : kind))).toEqual([
      "alike",
      "alike",
      "alike",
      "failed",
      "passed",
    ]);
  });
});

function everyEdit(file: string, source: string): Replacement[] {
  const language = languageOf(file);
  const parsed = language && parseSource(language, source);
  if (parsed?.kind !== "parsed") throw new Error("the source does not parse");
  return [...generateReplacements(parsed.tree, file)].filter(({ atLoad }) => !atLoad);
}

function aimsAt(target: string, { start }: Replacement): boolean {
  const [first, clamp] = [source.indexOf("def first_long"), source.indexOf("def clamp")];
  return target === "test_add"
    ? start < first
    : target === "test_first"
      ? start > first && start < clamp
      : start > clamp;
}

async function outcomesOf(screen: Screen, target: string, edits: readonly Replacement[]): Promise<EditOutcome[]> {
  const candidates = edits.map((edit, id) => ({ id, ...textEdit(edit), order: 0 }));
  return (await screen.tryEdits?.(batchOf(target, candidates))) ?? [];
}

function textEdit({ start, end, replacement: text }: Replacement) {
  return { start, end, text };
}

function batchOf(target: string, candidates: EditBatch["candidates"]): EditBatch {
  return { id: 5, file, source, targets: [target], orders: [[]], candidates, fuelFactor: 1 };
}

describe.skipIf(withoutNode !== undefined)(
  `JavaScript edits that tests cannot tell apart${skipped(withoutNode)}`,
  () => {
    const file = "src/core.ts";
    const source = `export class Shelf {
  #sizes: number[];
  asked = 0;
  constructor(sizes: number[]) { this.#sizes = [...sizes]; }
  fits(size: number, spare = 1): boolean {
    const used = this.#sizes.length;
    return size + spare < 10 - used && size > 0;
  }
  add(size: number): number[] {
    if (this.fits(size)) this.#sizes.push(size);
    return this.#sizes.filter((one) => one > 1);
  }
}
export function firstLong(words: string[], length: number): string | null {
  for (const word of words) {
    if (word.length > length && word !== "none") return word.trim().toLowerCase() + String(length);
  }
  return null;
}
export const clamp = (n: number, low: number, high: number): number => (n < low ? high : n);
`;
    const tests = `import assert from "node:assert/strict";
import { test } from "node:test";
import { clamp, firstLong, Shelf } from "../src/core.ts";
test("add", () => { const shelf = new Shelf([1, 2]); assert.deepEqual(shelf.add(5), [5]); });
test("first", () => assert.equal(firstLong(["a", " Long ", "none"], 3), "long 3"));
test("clamp", () => { assert.equal(clamp(3, 1, 5), 3); assert.equal(clamp(0, 1, 5), 1); });
`;

    test("are not run, each of them is refused when it is, and what is right is found", async () => {
      const manifest = '{ "type": "module", "scripts": { "test": "node --test" } }';
      const files = { "package.json": manifest, [file]: source, "test/core.test.ts": tests };
      await using project = await JavaScriptProject.make(files);
      const { profile, workspace } = project;
      const asked = { profile, workspace, limits: suiteLimits, testMsMax: 2000 };
      const edits = everyEdit(file, source);
      const right = edits.findIndex((edit) => applyReplacement(source, edit) === source.replace("? high :", "? low :"));
      const [first, clamp] = [source.indexOf("export function"), source.indexOf("export const clamp")];
      const place = ({ start }: Replacement) => (start < first ? "add" : start < clamp ? "first" : "clamp");
      for (const target of ["add", "first", "clamp"]) {
        const screen = await new NodeTestRunner(sandbox).screen(asked);
        await using open = screen;
        const targets = [`test/core.test.ts > ${target}`];
        const outcomes = new Map<number, EditOutcome>();
        let left = [...edits.entries()].filter(
          ([id, edit]) => place(edit) === target && (id % 16 === 0 || id === right),
        );
        // What is not reached in time comes again.
        for (let rounds = 0; left.length > 0 && rounds < 50; rounds += 1) {
          const some = left.slice(0, 64);
          const candidates = some.map(([id, edit]) => ({ id, ...textEdit(edit), order: 0 }));
          const batch = { id: 7, file, source, targets, orders: [[]], candidates, fuelFactor: 1 };
          for (const outcome of (await open?.tryEdits?.(batch)) ?? []) outcomes.set(outcome.id, outcome);
          left = left.filter(([id]) => !outcomes.has(id));
        }
        if (target === "clamp") expect(outcomes.get(right)).toMatchObject({ kind: "passed" });
        const alike = [...outcomes.values()].filter((outcome) => outcome.alike);
        expect(alike.length).toBeGreaterThan(0);
        expect(alike.filter(({ kind }) => kind !== "failed")).toEqual([]);
        for (const { id } of alike.filter((_, index) => index % 16 === 0)) {
          const changed = applyReplacement(source, edits[id] as Replacement);
          const tried = await open?.try({ id, files: { [file]: changed }, tests: targets });
          expect(tried?.kind, changed).not.toBe("passed");
        }
      }
    });
  },
);
