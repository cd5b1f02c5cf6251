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

export function inverted(start: number, end: number, text: string): Alteration[] {
  return [{ splice: { start, end, text }, says: "assertion inverted" }];
}

function short(text: string): string {
  return text.length <= saidMax ? text : `${text.slice(0, saidMax - 1)}…`;
}
