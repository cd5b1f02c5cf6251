import type { Failure, TestReport, TestResult } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import type { Language } from "#ports";
import { type ClassifyContext, classify } from "./classify.ts";

const context = (language: Language = "python"): ClassifyContext => ({
  snapshot: { files: ["shop/__init__.py", "shop/price.py", "tests/helpers.py", "tests/test_price.py"] },
  profile: { language, sourceFiles: ["shop/__init__.py", "shop/price.py"] },
});
const failure = (type: string, message: string, more: Partial<Failure> = {}): Failure => ({
  type,
  message,
  file: "shop/price.py",
  line: 3,
  frames: [],
  ...more,
});
const failed = (id: string, value: Failure, outcome: TestResult["outcome"] = "failed"): TestResult => ({
  id,
  file: "tests/test_price.py",
  outcome,
  failure: value,
  durationMs: 1,
});
const report = (results: TestResult[], collectionErrors: Failure[] = []): TestReport => ({
  runner: "pytest",
  collected: results.map(({ id }) => id),
  results,
  collectionErrors,
  complete: true,
});
const only = (type: string, message: string, language?: Language) => {
  const [found] = classify(report([failed("t", failure(type, message))]), context(language));
  return [found?.category, found?.environment];
};

describe("classify", () => {
  test.each([
    ["SyntaxError", "invalid syntax", "syntax", false],
    ["ModuleNotFoundError", "No module named 'numpy'", "missing-module", true],
    ["ModuleNotFoundError", "No module named 'shop.prices'", "missing-module", false],
    ["ModuleNotFoundError", "No module named 'helpers'", "missing-module", false],
    ["ModuleNotFoundError", "No module named 'jsonn'", "missing-module", false],
    ["ImportError", "cannot import name 'totl' from 'shop.price'", "missing-name", false],
    ["NameError", "name 'x' is not defined", "name", false],
    ["TypeError", "unsupported operand", "type", false],
    ["AttributeError", "'A' object has no attribute 'b'", "attribute", false],
    ["KeyError", "'b'", "lookup", false],
    ["AssertionError", "assert 1 == 2", "assertion", false],
    ["MemoryError", "", "memory", false],
    ["SystemExit", "0", "crash", false],
    ["gaierror", "[Errno -3] Temporary failure in name resolution", "other", true],
    ["FileNotFoundError", "[Errno 2] No such file or directory: 'git'", "other", true],
    ["FileNotFoundError", "[Errno 2] No such file or directory: 'data/a.csv'", "other", false],
    ["PriceError", "too much", "other", false],
  ])("puts Python's %s: %s into %s", (type, message, category, environment) => {
    expect(only(type, message)).toEqual([category, environment]);
  });

  test.each([
    ["SyntaxError", "The requested module './a.js' does not provide an export named 'b'", "missing-name", false],
    ["SyntaxError", "Unexpected token '}'", "syntax", false],
    ["Error", "Cannot find package 'left-pad' imported from /p/a.js", "missing-module", true],
    ["Error", "Cannot find module './b.js'", "missing-module", false],
    ["ReferenceError", "x is not defined", "name", false],
    ["TypeError", "Cannot read properties of undefined (reading 'b')", "attribute", false],
    ["TypeError", "x.y is not a function", "type", false],
    ["RangeError", "Maximum call stack size exceeded", "crash", false],
    ["Error", "expect(received).toBe(expected)", "assertion", false],
    ["Error", "Test timed out in 5000ms.", "timeout", false],
    ["Error", "getaddrinfo ENOTFOUND example.org", "other", true],
  ])("puts JavaScript's %s: %s into %s", (type, message, category, environment) => {
    expect(only(type, message, "typescript")).toEqual([category, environment]);
  });

  test("joins the tests that fail in the same way at the same place", () => {
    const same = failure("TypeError", "no");
    const elsewhere = failure("TypeError", "no", { line: 9 });
    const groups = classify(report([failed("b", same), failed("a", same), failed("c", elsewhere)]), context());
    expect(groups.map(({ tests }) => tests)).toEqual([["a", "b"], ["c"]]);
  });

  test("calls what a timed-out test raised a timeout", () => {
    const [found] = classify(report([failed("t", failure("KeyError", "'b'"), "timed-out")]), context());
    expect(found?.category).toBe("timeout");
  });

  test("leaves out what passed, and what was not run for no known reason", () => {
    const passed: TestResult = { id: "a", file: "t.py", outcome: "passed", durationMs: 1 };
    const silent: TestResult = { id: "b", file: "t.py", outcome: "not-run", durationMs: 0 };
    expect(classify(report([passed, silent]), context())).toEqual([]);
  });

  test("classifies an error outside any test by its own kind, else as a collection error", () => {
    const errors = [failure("SyntaxError", "bad"), failure("PriceError", "at import", { line: 1 })];
    const groups = classify(report([], errors), context());
    expect(groups.map(({ category, tests }) => [category, tests])).toEqual([
      ["syntax", []],
      ["collection", []],
    ]);
  });

  test("never gives the environment's failures a chance, and puts them last", () => {
    const groups = classify(
      report([
        failed("a", failure("ModuleNotFoundError", "No module named 'numpy'")),
        failed("b", failure("KeyError", "1")),
      ]),
      context(),
    );
    expect(groups.map(({ environment, fixability }) => [environment, fixability.score > 0])).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  test("suggests an update for one unique name, a diff for one place, a rewrite for what has no place", () => {
    const method = (...failures: Failure[]) =>
      classify(report(failures.map((value, index) => failed(`t${index}`, value))), context()).map(
        (f) => f.suggestedMethod,
      );
    const name = failure("NameError", "name 'total' is not defined");
    expect(method(name)).toEqual(["update"]);
    expect(method(name, { ...name, line: 9 })).toEqual(["diff", "diff"]);
    expect(method(failure("AssertionError", "assert 1 == 2"))).toEqual(["diff"]);
    expect(method({ type: "ProcessCrashed", message: "SIGSEGV", frames: [] })).toEqual(["rewrite"]);
  });

  test("states a reason for each part of a score", () => {
    const [found] = classify(
      report([failed("a", failure("AssertionError", "x", { expected: "1", actual: "2" }))]),
      context(),
    );
    expect(found?.fixability.score).toBeCloseTo(0.75);
    expect(found?.fixability.reasons).toHaveLength(3);
  });
});
