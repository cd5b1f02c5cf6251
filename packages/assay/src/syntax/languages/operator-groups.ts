import type { BinaryOperator, OperatorGroup } from "../language.ts";

/** Operators of one group, by token, with their precedences. */
export function group(name: OperatorGroup, precedences: Record<string, number>): Record<string, BinaryOperator> {
  return Object.fromEntries(
    Object.entries(precedences).map(([token, precedence]) => [token, { group: name, precedence }]),
  );
}

/** Comparisons of one precedence, by token, each with its neighbour. */
export function comparisons(precedence: number, adjacent: Record<string, string>): Record<string, BinaryOperator> {
  return Object.fromEntries(
    Object.entries(adjacent).map(([token, neighbour]) => [
      token,
      { group: "comparison", precedence, adjacent: neighbour },
    ]),
  );
}
