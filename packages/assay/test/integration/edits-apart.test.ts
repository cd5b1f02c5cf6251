import { describe, expect, test } from "vitest";
import { suiteLimits } from "#domain";
import { NodeTestRunner } from "#oracle";
import type { EditContrast, Screen } from "#ports";
import { inlinePytest } from "../support/inline-pytest.ts";
import { JavaScriptProject, sandbox, withoutSandbox } from "../support/javascript-project.ts";
import { whyNoPytest } from "../support/pytest-project.ts";

const skipped = (why: string | undefined) => (why === undefined ? "" : ` (skipped: ${why})`);
const noPytest = await whyNoPytest();
const noSandbox = await withoutSandbox();

/** Replacements of one text, or of two. */
type Try = [find: string, text: string][];

async function apart(
  screen: Screen | undefined,
  request: Pick<EditContrast, "file" | "source" | "tests">,
  tries: Try[],
): Promise<string[]> {
  if (screen?.tellApart === undefined) throw new Error("there is no warm process that tells edits apart");
  await using open = screen;
  const { source } = request;
  const candidates = tries.map((places, id) => {
    const parts = places.map(([find, text]) => {
      const start = source.indexOf(find);
      return { start, end: start + find.length, text };
    });
    const [first, last] = [parts.at(0), parts.at(-1)];
    if (first === undefined || last === undefined) throw new Error("no edit");
    if (parts.length === 1) return { id, ...first };
    const text = `${first.text}${source.slice(first.end, last.start)}${last.text}`;
    return { id, start: first.start, end: last.end, text, parts };
  });
  const found = (await open.tellApart?.({ id: 3, ...request, candidates }))?.found;
  return found === undefined ? [] : [found.call, ...found.results.map(({ id, result }) => `${id}: ${result}`)];
}

describe.skipIf(noPytest !== undefined)(`Python edits told apart${skipped(noPytest)}`, () => {
  const file = "core.py";
  const source = [
    "class Till:",
    "    def __init__(self): self.total = 1",
    "    def take(self, amount):",
    "        self.total -= amount",
    "        return None",
    "def area(width, height): return width - height",
    "def evens(n):",
    "    for i in range(n): yield i",
    "def seen(text, *, mark='x'): return text + mark",
    "",
  ].join("\n");
  const tests = [
    "from core import Till, area, evens, seen",
    "def test_area(): assert area(2, 2) == 4",
    "def test_till():",
    "    till = Till()",
    "    till.take(2)",
    "    assert till.total == 3",
    "def test_evens(): assert list(evens(3)) == [0, 2]",
    "def test_seen(): assert seen('a', mark='b') == 'ba'",
    "",
  ].join("\n");
  async function difference(name: string, tries: Try[]) {
    await using project = await inlinePytest({ "pytest.ini": "[pytest]\n", [file]: source, "test_core.py": tests });
    const screen = await project.runner.screen({ ...project.request(), testMsMax: 2000 });
    return await apart(screen, { file, source, tests: [`test_core.py::${name}`] }, tries);
  }

  test("by what they return, change, or yield", async () => {
    const minus = "width - height";
    expect(await difference("test_area", [[[minus, "width + height"]], [[minus, "width * height"]]])).toEqual([
      "area(width=3, height=2)",
      "0: 5",
      "1: 6",
    ]);
    const [call, ...results] = await difference("test_till", [
      [["-= amount", "+= amount"]],
      [["-= amount", "= 3"]],
      [["-= amount", "+= (amount)"]],
    ]);
    expect(call).toContain("Till.take(self=Till{'total':");
    expect(new Set(results.map((result) => result.slice(3))).size).toBe(2);
    const yields = await difference("test_evens", [[["range(n)", "range(0, n, 2)"]], [["range(n)", "(0, 2)"]]]);
    expect(yields).toEqual(["evens(n=2)", "0: [0]", "1: [0, 2]"]);
  });

  test("not where they make the same of everything that is near to what the tests give", async () => {
    const minus = "width - height";
    expect(await difference("test_area", [[[minus, "width + height"]], [[minus, "height + width"]]])).toEqual([]);
    expect(await difference("test_area", [[[minus, "width + height"]]])).toEqual([]);
    const keyword: Try[] = [[["text + mark", "mark + text"]], [["text + mark", "''.join([mark, text])"]]];
    expect(await difference("test_seen", keyword)).toEqual([]);
  });

  test("though one of them hangs, ends the process, or is of two places", async () => {
    const two: Try = [
      ["-= amount", "+= amount"],
      ["width - height", "width + height"],
    ];
    const endless: Try = [["width - height", "width + height if width == 2 else [0 for _ in iter(int, 1)]"]];
    const [, first, second] = await difference("test_area", [two, endless]);
    expect([first, second]).toEqual(["0: 5", "1: does not end"]);
    const ends: Try = [["width - height", "__import__('os')._exit(0)"]];
    expect(await difference("test_area", [two, ends])).toEqual([]);
  });
});

describe.skipIf(noSandbox !== undefined)(`JavaScript edits told apart${skipped(noSandbox)}`, () => {
  const file = "src/core.ts";
  const source = `export class Till {
  total = 1;
  take(amount: number): void {
    this.total -= amount;
  }
}
export const area = (width: number, height: number): number => width - height;
export async function later(names: string[]): Promise<string> {
  return names.join("");
}
`;
  const tests = `import assert from "node:assert/strict";
import test from "node:test";
import { area, later, Till } from "../src/core.ts";
test("area", () => assert.equal(area(2, 2), 4));
test("till", () => { const till = new Till(); till.take(2); assert.equal(till.total, 3); });
test("later", async () => assert.equal(await later(["a", "b"]), "a-b"));
`;
  async function difference(name: string, tries: Try[]) {
    await using project = await JavaScriptProject.make({
      "package.json": '{ "type": "module", "scripts": { "test": "node --test" } }',
      [file]: source,
      "test/core.test.ts": tests,
    });
    const { profile, workspace } = project;
    const runner = new NodeTestRunner(sandbox);
    const screen = await runner.screen({ profile, workspace, limits: suiteLimits, testMsMax: 2000 });
    return await apart(screen, { file, source, tests: [`test/core.test.ts > ${name}`] }, tries);
  }

  test("by what they return or change", async () => {
    const minus = "width - height";
    expect(await difference("area", [[[minus, "width + height"]], [[minus, "width * height"]]])).toEqual([
      "area(3, 2)",
      "0: 5",
      "1: 6",
    ]);
    const [call, first, second] = await difference("till", [[["-= amount", "+= amount"]], [["-= amount", "= 3"]]]);
    expect(call).toMatch(/^Till\.take\(/);
    expect(first).toContain("the object is then Till { total: 4 }");
    expect(second).toBe("1: undefined; the object is then Till { total: 3 }");
    const awaited = await difference("later", [[['join("")', 'join("-")']], [['names.join("")', '"a-b"']]]);
    expect(awaited).toHaveLength(3);
  });

  test("not where they make the same of everything, nor where one ends the process", async () => {
    const minus = "width - height";
    expect(await difference("area", [[[minus, "width + height"]], [[minus, "height + width"]]])).toEqual([]);
    expect(await difference("area", [[[minus, "width + height"]], [[minus, "process.exit(0)"]]])).toEqual([]);
  });

  test("though one of them goes round for ever, or is of two places", async () => {
    const two: Try = [
      ["-= amount", "+= amount"],
      ["width - height", "width + height"],
    ];
    const minus = "width - height";
    const endless: Try = [[minus, "(() => { while (width > 2); return width + height; })()"]];
    expect(await difference("area", [two, endless])).toEqual(["area(3, 2)", "0: 5", "1: does not end"]);
  });
});
