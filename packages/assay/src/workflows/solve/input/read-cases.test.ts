import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCases } from "./read-cases.ts";

const one = (text: string, language: "python" | "javascript" = "python") => {
  const read = readCases(text, language);
  return read.kind === "read" ? read.cases[0] : read.message;
};

describe("lines of cases", () => {
  it.each([
    ["f(1, [2]) -> 3", "f(1, [2])", "3"],
    ["f(1) → 'a'", "f(1)", "'a'"],
    ["f(1) => {'a': [None]}", "f(1)", "{'a': [None]}"],
    ["f('a -> b') -> 1", "f('a -> b')", "1"],
    ["f('a') -> 'b -> c'", "f('a')", "'b -> c'"],
    ["f(1) -> 1, 2", "f(1)", "(1, 2)"],
    ["f(1) -> (1, 2)", "f(1)", "(1, 2)"],
    ["f(1) -> ()", "f(1)", "()"],
    ["f(1) -> 2  # because", "f(1)", "2"],
    ["f(1) -> 2,  # because", "f(1)", "(2,)"],
    ["f(-1.5e3) -> -2", "f(-1.5e3)", "-2"],
    ["f({1, 2}, key=lambda x: x + 1) -> set()", "f({1, 2}, key=lambda x: x + 1)", "set()"],
    ["Stack([1]).pop() -> 1", "Stack([1]).pop()", "1"],
  ])("reads %j", (line, call, text) => {
    expect(one(line)).toMatchObject({ line: 1, call, expected: { kind: "value", text } });
  });

  it.each([
    ["f([1].map((x) => x + 1)) -> [2]", "f([1].map((x) => x + 1))", "[2]"],
    ["f(1) => { a: 1 }", "f(1)", "{ a: 1 }"],
    ["f(1) → undefined", "f(1)", "undefined"],
    ["f(new Map([[1, 2]])) -> 1n", "f(new Map([[1, 2]]))", "1n"],
  ])("reads %j as JavaScript", (line, call, text) => {
    expect(one(line, "javascript")).toMatchObject({ call, expected: { kind: "value", text } });
  });

  it("asks for the very value where True, False or None is expected", () => {
    expect(one("f(1) -> True")).toMatchObject({ expected: { identity: true } });
    expect(one("f(1) -> 1")).toMatchObject({ expected: { identity: false } });
  });

  it("reads exceptions, and asks the solution for those that the language has not", () => {
    expect(one("f(0) -> raises ValueError")).toMatchObject({
      expected: { kind: "raises", exception: "ValueError" },
      names: ["f"],
    });
    expect(one("f(0) -> raises TooSmall")).toMatchObject({ names: ["f", "TooSmall"] });
    expect(one("f(0) => throws RangeError", "javascript")).toMatchObject({ expected: { exception: "RangeError" } });
  });

  it.each([
    ["f(1)", "there is no ->"],
    ["f(1 -> 2", "is not one expression of python"],
    ["3 -> 3", "calls no function"],
    ["f(1) -> true", 'nothing is known of "true"'],
    ["f(x) -> 1", 'nothing is known of "x"'],
    ["f(1); import os -> 1", "is not one expression"],
    ["f(1) -> 1); import os; (1", "is not one expression"],
    ["f(1) -> raises 7", "the name of an exception"],
    ["f(1) -> lambda: 1", "a function equals nothing"],
    ["# nothing", "there is no case"],
    ["f(1) ->", "is not one expression"],
    ["f(1) -> # forgotten", "is not one expression"],
    ["f(1) -> x := 2", "is not one expression"],
    ["f(1) -> x for x in [1]", "is not one expression"],
  ])("refuses %j and says why", (line, why) => {
    expect(one(line)).toContain(why);
  });

  it("names the line that is wrong, and leaves empty lines and remarks out", () => {
    const read = readCases("\n# a remark\nf(1) -> 2\n\nf(2) ->\n", "python");
    expect(read).toMatchObject({ kind: "refused", line: 5 });
    expect(readCases("\n# a remark\nf(1) -> 2\r\n", "python")).toMatchObject({ cases: [{ line: 3 }] });
  });

  it("reads back every plain value that it is given", () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(fc.integer(), fc.string({ unit: "binary-ascii" }), fc.array(tie("value"), { maxLength: 3 })),
    })).value;
    fc.assert(
      fc.property(value, value, (given, expected) => {
        const [call, text] = [`f(${JSON.stringify(given)})`, JSON.stringify(expected)];
        expect(one(`${call} -> ${text}`, "javascript")).toMatchObject({ call, expected: { text } });
      }),
    );
  });

  it("never throws and never reads more than one expression on each side", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(["read", "refused"]).toContain(readCases(text, "python").kind);
        expect(["read", "refused"]).toContain(readCases(`f(${text}) -> ${text}`, "javascript").kind);
      }),
    );
  });
});
