import { parts, type SyntaxNode } from "../node.ts";
import { type Draft, type Operator, replace } from "../operator.ts";
import type { Site } from "../site.ts";
import { removed, swapped } from "./list-edits.ts";

/** Arguments swapped, left out, added. */
export const callArguments: Operator = {
  shapes: ["call", "new"],
  *drafts(node, site) {
    const list = node.children.find((child) => child.shape === "arguments");
    if (list === undefined) return;
    const given = parts(list);
    yield* swapped("swap_arg", given, site);
    yield* receiverSwapped(node, given, site);
    if (given.length >= 2) for (const argument of given) yield removed("drop_arg", given, argument);
    const name = calledName(node, site);
    if (site.language.extensible.has(name)) {
      const at = { ...list, start: list.end - 1, end: list.end - 1 };
      const separator = given.length === 0 ? "" : ", ";
      for (const text of [...site.variables(node).map((variable) => variable.name), "1", "0"]) {
        yield replace("add_arg", at, `${separator}${text}`);
      }
    }
    // `max(items)` to `max(best, item)`
    if (/^(min|max)$/.test(name) && given.length === 1) {
      const variables = site.variables(node);
      for (const [index, one] of variables.entries()) {
        for (const other of variables.slice(index + 1)) {
          yield replace(
            "add_arg",
            { ...list, start: list.start + 1, end: list.end - 1 },
            `${one.name}, ${other.name}`,
            0.8,
          );
        }
      }
    }
    for (const flag of site.language.keywordFlags) {
      if (!flag.functions.includes(name)) continue;
      const present = given.find((argument) => site.text(argument).startsWith(`${flag.keyword}=`));
      if (present) yield removed("call_kw", given, present);
      else {
        const at = { ...list, start: list.end - 1, end: list.end - 1 };
        yield replace("call_kw", at, `${given.length === 0 ? "" : ", "}${flag.text}`);
      }
    }
  },
};

/** `a.f(b)` to `b.f(a)`. */
function* receiverSwapped(node: SyntaxNode, given: readonly SyntaxNode[], site: Site): Iterable<Draft> {
  const callee = parts(node)[0];
  const receiver = callee?.shape === "member" ? parts(callee)[0] : undefined;
  const [argument] = given;
  if (!receiver || !argument || given.length !== 1 || !plain.has(receiver.shape) || !plain.has(argument.shape)) return;
  const between = site.tree.source.slice(receiver.end, argument.start);
  const text = `${site.placed(receiver, site.expression(argument))}${between}${site.text(receiver)}`;
  yield { operator: "swap_arg", start: receiver.start, end: argument.end, text, weight: 0.9 };
}

const plain = new Set(["identifier", "member", "subscript", "call", "string"]);

/** The last name of what is called. */
export function calledName(call: SyntaxNode, site: Site): string {
  const callee = parts(call)[0];
  const name = callee?.shape === "member" ? parts(callee).at(-1) : callee;
  return name ? site.text(name) : "";
}
