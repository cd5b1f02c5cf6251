import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderTemplate } from "./render-template.ts";

describe("a template", () => {
  test("gets each value in each of its places", () => {
    expect(renderTemplate("{{a}} and {{b_2}}, {{a}}", { a: "1", b_2: "2" })).toBe("1 and 2, 1");
  });

  test("refuses a placeholder without a value, and a value without a placeholder", () => {
    expect(() => renderTemplate("{{a}}", {})).toThrow("wants a");
    expect(() => renderTemplate("{{constructor}}", {})).toThrow("wants constructor");
    expect(() => renderTemplate("a", { a: "1" })).toThrow("no place for a");
  });

  test("takes any value as it is, also one that looks like a placeholder or a replacement pattern", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(renderTemplate("<{{a}}>", { a: value })).toBe(`<${value}>`);
      }),
    );
    expect(renderTemplate("{{a}}{{b}}", { a: "{{b}}$&", b: "x" })).toBe("{{b}}$&x");
  });
});
