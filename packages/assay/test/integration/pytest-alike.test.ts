import { describe, expect, test } from "vitest";
import type { EditBatch, EditOutcome, Screen } from "#ports";
import { applyReplacement, generateReplacements, languageOf, parseSource, type Replacement } from "#syntax";
import { inlinePytest } from "../support/inline-pytest.ts";
import { whyNoPytest } from "../support/pytest-project.ts";

const missing = await whyNoPytest();
const title = `edits that tests cannot tell apart${missing === undefined ? "" : ` (skipped: ${missing})`}`;
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

describe.skipIf(missing !== undefined)(title, () => {
  test("are not run, and each of them is refused when it is", async () => {
    await using project = await inlinePytest({ "pytest.ini": "[pytest]\n", [file]: source, "test_core.py": tests });
    await using screen = await project.runner.screen({ ...project.request(), testMsMax: 2000 });
    if (screen?.tryEdits === undefined) throw new Error("the warm process did not come up");
    const alike: Replacement[] = [];
    for (const target of ["test_add", "test_first", "test_clamp"]) {
      const edits = everyEdit().filter((edit) => aimsAt(target, edit));
      for (let at = 0; at < edits.length; at += 64) {
        const some = edits.slice(at, at + 64);
        const outcomes = await outcomesOf(screen, `test_core.py::${target}`, some);
        for (const { id, alike: isAlike } of outcomes) if (isAlike === true) alike.push(some[id] as Replacement);
        for (const outcome of outcomes.filter((one) => one.alike)) expect(outcome.kind).toBe("failed");
      }
    }
    expect(alike.length).toBeGreaterThan(50);
    const everyTest = ["test_add", "test_first", "test_clamp", "test_inside"].map((name) => `test_core.py::${name}`);
    for (const [id, edit] of alike.entries()) {
      if (id % 16 !== 0) continue;
      const files = { [file]: applyReplacement(source, edit) };
      expect(await screen.try({ id, files, tests: everyTest }), edit.replacement).toMatchObject({ kind: "failed" });
    }
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

function everyEdit(): Replacement[] {
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
  const candidates = edits.map(({ start, end, replacement: text }, id) => ({ id, start, end, text, order: 0 }));
  return (await screen.tryEdits?.(batchOf(target, candidates))) ?? [];
}

function batchOf(target: string, candidates: EditBatch["candidates"]): EditBatch {
  return { id: 5, file, source, targets: [target], orders: [[]], candidates, fuelFactor: 1 };
}
