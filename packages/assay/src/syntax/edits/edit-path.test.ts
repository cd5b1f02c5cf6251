import { expect, test } from "vitest";
import { pathProblem } from "./edit-path.ts";

test.each([
  "",
  "/etc/passwd",
  "C:/x",
  "../x",
  "a/../../x",
  "a/..",
  "./a",
  "a//b",
  "a/",
  "a\0b",
  ".git/config",
  "sub/.GIT/hooks/post-checkout",
  ".assay/journal",
  ".Assay/x",
  ".env",
  "deploy/id_rsa",
  "a".repeat(5000),
])("refuses the path %j", (path) => {
  expect(pathProblem(path)).toBeTypeOf("string");
});

test.each([
  "a.py",
  "src/mit leer zeichen/größe.py",
  "a\nb.txt",
  "..a/b..",
  ".gitignore",
  ".github/workflows/ci.yml",
  ".env.example",
  "sub/.assay/x",
])("takes the path %j", (path) => {
  expect(pathProblem(path)).toBeUndefined();
});
