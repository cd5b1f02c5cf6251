import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { jsonLines, projectCopy, resultOf, runAssay } from "../support/run-assay.ts";
import { readTree } from "../support/scratch.ts";

describe.each([
  { fixture: "python-prices", source: "prices/discount.py", before: "quantity > least" },
  { fixture: "node-prices", source: "src/discount.js", before: "quantity > least" },
])("assay heal on $fixture", ({ fixture, source, before }) => {
  test("proves a fix, leaves the tree alone, and applies it when asked", async () => {
    await using copy = await projectCopy(fixture, "ein Projekt für Übungen");
    const tree = await readTree(copy.project);
    const healed = await runAssay(copy.home, ["heal", copy.project, "--json"]);
    const result = resultOf(healed);
    expect(healed.code).toBe(0);
    expect(result).toMatchObject({ outcome: "accepted", exitCode: 0, applied: false });
    expect(Object.entries(await readTree(copy.project)).filter(([path]) => !path.startsWith(".assay/"))).toEqual(
      Object.entries(tree),
    );

    const lines = jsonLines(healed);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
    const evidence = lines.findIndex(({ type }) => type === "evidence-recorded");
    const verdict = lines.findIndex(({ type }) => type === "verdict-reached");
    expect(evidence).toBeGreaterThan(-1);
    expect(verdict).toBeGreaterThan(evidence);
    expect(await readFile(result.report ?? "", "utf8")).toContain("<!doctype html>");

    const rerun = await runAssay(copy.home, ["verify", result.receipt ?? "", "--rerun", "--json"]);
    expect(resultOf(rerun)).toMatchObject({ outcome: "accepted", exitCode: 0 });

    const applied = resultOf(await runAssay(copy.home, ["heal", copy.project, "--apply", "--json"]));
    expect(applied).toMatchObject({ outcome: "accepted", applied: true });
    expect(await readFile(join(copy.project, source), "utf8")).not.toContain(before);
    const again = await runAssay(copy.home, ["heal", copy.project, "--json"]);
    expect(resultOf(again)).toMatchObject({ outcome: "nothing-to-do", exitCode: 0 });
  });
});
