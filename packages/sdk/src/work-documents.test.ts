import { expect, test } from "vitest";
import { proposeOutputSchema, workDocumentSchemas, workPathSchema } from "./work-documents.ts";

test.each(["src/a.py", "a", ".github/x.yml", "a b/ü.ts"])("%j is a path within a project", (path) => {
  expect(workPathSchema.parse(path)).toBe(path);
});

test.each(["", "/etc/passwd", "../x", "a/../b", "a//b", "./a", "a/", "C:/x", "a\\b", "a\nb", "x".repeat(1001)])(
  "%j is none",
  (path) => {
    expect(workPathSchema.safeParse(path).success).toBe(false);
  },
);

test("a document with a field that nobody knows is refused, and so is one of another kind", () => {
  const output = { version: 1, kind: "propose", candidates: [], tried: 3 };
  expect(proposeOutputSchema.parse(output)).toEqual(output);
  expect(proposeOutputSchema.safeParse({ ...output, verdict: "accepted" }).success).toBe(false);
  expect(workDocumentSchemas.check.output.safeParse(output).success).toBe(false);
});
