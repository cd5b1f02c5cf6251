import type { ClassifiedFailure } from "@assay/sdk";
import { expect, test } from "vitest";
import { withHints } from "./hints.ts";
import type { Suspicion } from "./suspicion.ts";

const text = "def f(a):\n    b = a['rate']\n    c = b + 1\n    return c\n";
const texts = new Map([["a.py", text]]);
const even: Suspicion = {
  files: new Map([["a.py", { lines: new Map([2, 3, 4].map((line) => [line, 0.5])), base: 0, load: 0.1 }]]),
};
const failed = (message: string): ClassifiedFailure => ({
  category: "lookup",
  tests: ["t"],
  failure: { type: "KeyError", message, frames: [] },
  environment: false,
  fixability: { score: 1, reasons: [] },
  suggestedMethod: "diff",
});
const scores = (suspicion: Suspicion) => Object.fromEntries(suspicion.files.get("a.py")?.lines ?? []);

test("lines that speak of what the failure names are suspected more", () => {
  expect(scores(withHints(even, texts, [failed("'rate'")], []))).toEqual({ 2: 0.6, 3: 0.5, 4: 0.5 });
  expect(scores(withHints(even, texts, [failed("rate is wrong")], []))).toEqual({ 2: 0.5, 3: 0.5, 4: 0.5 });
});

test("so are lines that were changed lately, however the change is told, if a failing test executes them", () => {
  const update = { kind: "update", path: "a.py", oldStr: "    c = b + 1\n", newStr: "    c = b\n" } as const;
  expect(scores(withHints(even, texts, [], [update]))).toEqual({ 2: 0.5, 3: 0.65, 4: 0.5 });
  const diff =
    "--- a/a.py\n+++ b/a.py\n@@ -1,4 +1,4 @@\n-def f(a):\n+def f(b):\n     b = a['rate']\n-    c = b + 1\n+    c = b\n     return c\n";
  expect(scores(withHints(even, texts, [], [{ kind: "diff", diff }]))).toEqual({ 2: 0.5, 3: 0.65, 4: 0.5 });
  const gone = { ...update, oldStr: "nothing" };
  expect(scores(withHints(even, texts, [], [gone]))).toEqual({ 2: 0.5, 3: 0.5, 4: 0.5 });
});
