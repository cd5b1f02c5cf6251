import { expect, test } from "vitest";
import {
  checkInputSchema,
  checkOutputSchema,
  proposeOutputSchema,
  workDocumentSchemas,
  workPathSchema,
} from "./work-documents.ts";

test.each(["src/a.py", "a", ".github/x.yml", "a b/ü.ts"])("%j is a path within a project", (path) => {
  expect(workPathSchema.parse(path)).toBe(path);
});

test.each(["", "/etc/passwd", "../x", "a/../b", "a//b", "./a", "a/", "C:/x", "a\\b", "a\nb", "x".repeat(1001)])(
  "%j is none",
  (path) => {
    expect(workPathSchema.safeParse(path).success).toBe(false);
  },
);

test("only what a check saw written may name a folder", () => {
  const written = checkOutputSchema.shape.written;
  expect(written.safeParse(["tests/", "tests/test_a.py", "a/b/"]).success).toBe(true);
  for (const path of ["/", "", "a//", "../", "a/../", "/tests/"]) expect(written.safeParse([path]).success).toBe(false);
  expect(checkInputSchema.shape.suite.shape.oracleFiles.safeParse(["tests/"]).success).toBe(false);
});

test("a document with a lone surrogate anywhere is refused", () => {
  const output = (text: string) => ({
    version: 1,
    kind: "propose",
    tried: 1,
    candidates: [{ summary: "s", method: "m", edits: [{ kind: "rewrite", path: "a.py", content: text }] }],
  });
  expect(proposeOutputSchema.safeParse(output("a pair: \u{1f600}")).success).toBe(true);
  expect(proposeOutputSchema.safeParse(output("half of one: \ud83d")).error?.message).toContain("lone surrogate");
});

test("a document with a field that nobody knows is refused, and so is one of another kind", () => {
  const output = { version: 1, kind: "propose", candidates: [], tried: 3 };
  expect(proposeOutputSchema.parse(output)).toEqual(output);
  expect(proposeOutputSchema.safeParse({ ...output, verdict: "accepted" }).success).toBe(false);
  expect(workDocumentSchemas.check.output.safeParse(output).success).toBe(false);
});
