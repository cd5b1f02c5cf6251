import { expect, test } from "vitest";
import { languageOf, parseSource } from "#syntax";
import { parseCheat, readCheats } from "./read-cheats.ts";

test.each(["python", "javascript"] as const)("every %s cheat says what it does and can be parsed", async (language) => {
  const cheats = await readCheats(language);
  expect(cheats.length).toBeGreaterThanOrEqual(15);
  expect(cheats.filter(({ does }) => !/^[A-Z].*\.$/.test(does))).toEqual([]);
  for (const { kind, name, text } of cheats.filter((cheat) => cheat.kind === "module")) {
    const table = languageOf(language === "python" ? "a.py" : "a.mjs");
    if (table === undefined) throw new Error(`no language for ${kind}`);
    expect(parseSource(table, text).kind, name).toBe("parsed");
  }
});

test("a header that says nothing known is refused", () => {
  expect(() => parseCheat("x.py", "# Does it.\n# kind: magic\n")).toThrow();
});
