import { binary, type Expression } from "./expression.ts";
import type { Facts } from "./facts.ts";
import { checked, type Place, type Replacement } from "./generate.ts";
import { lineEndOf } from "./layout.ts";
import { type SyntaxNode, type SyntaxTree, walk } from "./node.ts";
import { guarded } from "./operators/exits.ts";
import { laidOut } from "./operators/insertion.ts";
import { richConditions } from "./operators/rich-conditions.ts";
import { isStatement, Site } from "./site.ts";

/**
 * What an edit becomes under conditions. For one that turns the failing tests green and breaks others, some value of a condition
 * would be right for each: an inserted statement comes under an `if`, a condition that was made constant gets an alternative.
 * (Angelic values: Chandra, Torlak, Barman, Bodik, "Angelic Debugging", 2011.)
 */
export function* conditionalEdits(tree: SyntaxTree, edit: Replacement, facts: Facts): Generator<Replacement> {
  const site = new Site(tree, facts);
  const place: Place = { line: edit.line, statementLine: edit.statementLine, atLoad: edit.atLoad };
  const { operator, start, end } = edit;
  if (edit.insertion) {
    const statement = edit.replacement.trim();
    const beside = statementBeside(tree, edit);
    if (beside === undefined || statement.includes("\n")) return;
    for (const condition of richConditions(beside, site)) {
      const whole = guarded(site, condition.text, statement);
      const text = edit.replacement.replace(statement, () => laidOut(whole, indentOfEdit(tree, edit), site));
      yield* checked({ operator: "ins_guard", start, end, text }, site, edit.file, place);
    }
  } else if (operator === "cond_const") {
    const node = [...walk(tree.root)].find((one) => one.named && one.start === start && one.end === end);
    if (node === undefined) return;
    const { words } = tree.language;
    const sign = edit.replacement === words.true ? words.or : words.and;
    for (const condition of richConditions(node, site)) {
      const drafts: [Replacement["operator"], Expression][] = [
        ["cond_add", binary(tree.language, site.expression(node), sign, condition)],
        ["cond_add_pre", binary(tree.language, condition, sign, site.expression(node))],
        ["cond_replace", condition],
      ];
      for (const [name, expression] of drafts) {
        yield* checked({ operator: name, start, end, text: site.placed(node, expression) }, site, edit.file, place);
      }
    }
  }
}

/** The statement that the inserted one stands before, or behind. */
function statementBeside(tree: SyntaxTree, { start }: Replacement): SyntaxNode | undefined {
  const statements = [...walk(tree.root)].filter(isStatement);
  return (
    statements.find((node) => node.start === start) ??
    statements.findLast((node) => node.end <= start && lineEndOf(tree.source, node.end) === start)
  );
}

function indentOfEdit(tree: SyntaxTree, { start, replacement }: Replacement): string {
  const inserted = /\n([ \t]*)\S/.exec(replacement)?.[1];
  if (inserted !== undefined) return inserted;
  const line = tree.source.slice(tree.source.lastIndexOf("\n", start - 1) + 1, start);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}
