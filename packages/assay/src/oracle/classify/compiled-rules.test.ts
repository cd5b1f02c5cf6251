import type { Failure } from "@assay/sdk";
import { expect, test } from "vitest";
import type { Language } from "#ports";
import { ruleFor } from "./rules.ts";

const ruled = (language: Language, type: string, message: string) => {
  const failure: Failure = { type, message, frames: [] };
  const rule = ruleFor(failure, language);
  return [rule?.category, rule?.environment ?? false];
};

test.each<[Language, string, string, string, boolean]>([
  ["go", "BuildError", "undefined: total", "name", false],
  ["go", "BuildError", "undefined: shop.Total", "missing-name", false],
  ["go", "BuildError", "c.Total undefined (type Cart has no field or method Total)", "attribute", false],
  ["go", "BuildError", 'cannot use "a" (untyped string constant) as int value in return statement', "type", false],
  ["go", "BuildError", "syntax error: unexpected newline, expected comma or )", "syntax", false],
  ["go", "BuildError", "no required module provides package github.com/a/b; to add it:", "missing-module", true],
  ["go", "BuildError", "module lookup disabled by GOPROXY=off", "missing-module", true],
  ["go", "Panic", "runtime error: index out of range [5] with length 1", "lookup", false],
  ["go", "Panic", "runtime error: invalid memory address or nil pointer dereference", "attribute", false],
  ["go", "TestFailure", "got 1, want 2", "assertion", false],
  ["rust", "BuildError", "E0425: cannot find value `x` in this scope", "name", false],
  ["rust", "BuildError", "E0308: mismatched types", "type", false],
  ["rust", "BuildError", "expected one of `,`, `:`, or `}`, found `;`", "syntax", false],
  ["rust", "BuildError", "no matching package named `serde` found", "missing-module", true],
  ["rust", "Panic", "assertion `left == right` failed", "assertion", false],
  ["rust", "Panic", "index out of bounds: the len is 1 but the index is 5", "lookup", false],
  ["rust", "Panic", "attempt to add with overflow", "crash", false],
  ["java", "BuildError", "cannot find symbol: variable missing", "name", false],
  ["java", "BuildError", "incompatible types: String cannot be converted to int", "type", false],
  ["java", "BuildError", "';' expected", "syntax", false],
  [
    "java",
    "BuildError",
    "Cannot access central in offline mode and the artifact a:b:jar:1 has not been downloaded",
    "missing-module",
    true,
  ],
  ["java", "BuildError", "No cached version of a:b:1 available for offline mode.", "missing-module", true],
  ["java", "BuildError", "Unsupported class file major version 65", "other", true],
  ["java", "java.lang.NullPointerException", "", "attribute", false],
  ["java", "org.opentest4j.AssertionFailedError", "expected: <3> but was: <-1>", "assertion", false],
  ["java", "java.util.concurrent.TimeoutException", "a() timed out after 3 seconds", "timeout", false],
])("puts %s's %s: %s into %s", (language, type, message, category, environment) => {
  expect(ruled(language, type, message)).toEqual([category, environment]);
});
