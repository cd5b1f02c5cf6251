import { expect, test } from "vitest";
import { workLines } from "./work-lines.ts";

const encoded = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test("an analyzer's answer is its summary and its findings with their places", () => {
  const finding = { title: "rounds twice", detail: "", file: "shop/prices.py", line: 12, confidence: 0.8 };
  const answer = { version: 1, kind: "analyze", summary: "The total is rounded.", findings: [finding] };
  expect(workLines(encoded(answer))).toEqual(["The total is rounded.", "shop/prices.py:12 rounds twice (80 % sure)"]);
  const many = workLines(encoded({ ...answer, findings: Array.from({ length: 14 }, () => finding) }));
  expect(many).toHaveLength(12);
  expect(many.at(-1)).toBe("… and 4 more");
});

test("a proposal is counted, and what is no document of work has no lines", () => {
  expect(workLines(encoded({ version: 1, kind: "propose", candidates: [], tried: 3 }))).toEqual([
    "0 candidates of 3 tried",
  ]);
  expect(workLines(encoded({ kind: "other" }))).toEqual([]);
  expect(workLines(new TextEncoder().encode("{"))).toEqual([]);
});
