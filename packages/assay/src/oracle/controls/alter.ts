import { type SyntaxNode, type SyntaxTree, textOf } from "#syntax";
import { alterLiteral } from "./alter-literal.ts";
import type { Seeded } from "./seeded.ts";
import type { Alteration } from "./test-unit.ts";

const saidMax = 40;

/** Puts other texts in place of one of these literals; none if there is none that can be altered. */
export function alterOneOf(tree: SyntaxTree, literals: readonly SyntaxNode[], random: Seeded): Alteration[] {
  for (const node of random.shuffled(literals)) {
    const before = textOf(tree, node);
    const altered = alterLiteral(before, random);
    // Minus nothing is nothing.
    const useful = altered.filter(
      (text) => text !== before && !(node.parent?.kind.startsWith("unary") && text === "0"),
    );
    if (useful.length > 0) {
      return useful.map((text) => ({
        splice: { start: node.start, end: node.end, text },
        says: `expected value ${short(before)} → ${short(text)}`,
      }));
    }
  }
  return [];
}

/**
 * Expects a list of the value and itself, which no value equals. Unlike the inverted assertion it also fails to fail where a
 * candidate gives back what equals everything. (A list of one would be equal to a number of numpy.)
 */
export function doubled(tree: SyntaxTree, expected: SyntaxNode): Alteration[] {
  const text = textOf(tree, expected);
  const splice = { start: expected.start, end: expected.end, text: `[${text}, ${text}]` };
  return [{ splice, says: `expected value ${short(text)} → a list of it` }];
}

const lengthOfNeedle = 9;

/** Looks for what is nowhere; unlike the inverted assertion it also fails to fail in what contains everything. */
export function elsewhere(tree: SyntaxTree, needle: SyntaxNode, random: Seeded): Alteration[] {
  const before = textOf(tree, needle);
  const [quote] = /^["']/.exec(before) ?? [];
  const letters = Array.from({ length: lengthOfNeedle }, () => String.fromCharCode(97 + random.below(26))).join("");
  const digits = String(10 ** (lengthOfNeedle - 1) + random.below(10 ** (lengthOfNeedle - 1)));
  const isNumber = /^\d+$/.test(before);
  if (quote === undefined && !isNumber) return [];
  const text = isNumber ? digits : `${quote}${letters}${quote}`;
  return [{ splice: { start: needle.start, end: needle.end, text }, says: `looked for ${short(before)} → ${text}` }];
}

export function inverted(start: number, end: number, text: string): Alteration[] {
  return [{ splice: { start, end, text }, says: "assertion inverted" }];
}

function short(text: string): string {
  return text.length <= saidMax ? text : `${text.slice(0, saidMax - 1)}…`;
}
