import { atom, binary, filled, negation } from "../expression.ts";
import { ancestor, parts, type SyntaxNode, unparenthesized, walk } from "../node.ts";
import type { Variable } from "../scope.ts";
import { isStatement, type Site } from "../site.ts";
import type { Insertable } from "./insertable.ts";

const raisesMax = 12;
const copiedMax = 12;
const charactersMax = 120;

/**
 * Statements that leave the place where they stand: what is returned, exceptions as the file raises them, jumps out of loops. They
 * are rarely right as they are; those that turn the failing tests green are tried again under conditions.
 */
export function* exits(node: SyntaxNode, variables: readonly Variable[], site: Site): Iterable<Insertable> {
  const { terminator: end, words, emptyList } = site.language;
  for (const { name } of variables) yield { operator: "ins_ret", text: `return ${name}${end}` };
  for (const value of [words.null, words.false, words.true, "0", emptyList]) {
    yield { operator: "ins_ret", text: `return ${value}${end}`, weight: 0.8 };
  }
  for (const text of raises(node, site)) yield { operator: "ins_throw", text };
  if (ancestor(node, (at) => ["for", "for-each", "while"].includes(at.shape))) {
    yield { operator: "ins_brk", text: `break${end}` };
    yield { operator: "ins_brk", text: `continue${end}` };
  }
}

/** What is returned under a simple condition. */
export function* guards(variables: readonly Variable[], site: Site): Iterable<Insertable> {
  const { language } = site;
  const { words, emptyList, wraps, terminator } = language;
  for (const { name, kind } of variables) {
    const self = atom(language, name);
    const conditions = [negation(language, self).text];
    if (kind === undefined) conditions.push(filled(language, wraps.isNull, self).text);
    if (kind === "number") {
      for (const [sign, value] of [
        [words.equal, "0"],
        ["<", "0"],
        [words.equal, "1"],
        ["<=", "1"],
      ] as const) {
        conditions.push(binary(language, self, sign, atom(language, value)).text);
      }
    }
    for (const result of [emptyList, words.true, words.false, words.null, "0", name]) {
      for (const condition of conditions) {
        yield { operator: "ins_guard", text: guarded(site, condition, `return ${result}${terminator}`) };
      }
    }
  }
}

/** Guards of the same file that speak only of what is known at the node. */
export function* copiedGuards(node: SyntaxNode, site: Site): Iterable<Insertable> {
  const known = knownAt(node, site);
  let count = 0;
  for (const other of site.nodesOf("if")) {
    if (count >= copiedMax || other.end - other.start > charactersMax * 2) continue;
    const [condition, body, ...more] = parts(other);
    const inside = body?.shape === "block" ? parts(body) : body ? [body] : [];
    const [only] = inside;
    if (condition === undefined || only === undefined || inside.length !== 1 || more.length > 0) continue;
    if (!["return", "throw", "break", "continue"].includes(only.shape) || !speaksOf(other, known, site)) continue;
    const text = guarded(site, site.text(unparenthesized(condition)), site.text(only));
    if (text.split("\n").length > 3) continue;
    count += 1;
    yield { operator: "ins_guard_copy", text };
  }
}

export function guarded(site: Site, condition: string, statement: string): string {
  return site.language.guard.replace("$c", () => condition).replace("$s", () => statement);
}

function raises(node: SyntaxNode, site: Site): string[] {
  const known = knownAt(node, site);
  const found = new Set<string>();
  for (const other of site.nodesOf("throw")) {
    if (!isStatement(other) || !speaksOf(other, known, site)) continue;
    const text = site.text(other);
    if (!text.includes("\n") && text.length <= charactersMax && found.size < raisesMax) found.add(text);
  }
  return [...found];
}

/** Names that a statement at the node may speak of. */
function knownAt(node: SyntaxNode, site: Site): ReadonlySet<string> {
  return new Set([...site.variables(node).map(({ name }) => name), ...site.callables]);
}

/** Whether all that the piece of syntax reads is known; what it calls belongs to the module or the language. */
function speaksOf(node: SyntaxNode, known: ReadonlySet<string>, site: Site): boolean {
  for (const name of walk(node)) {
    if (name.shape === "identifier" && name.usage === "read" && !known.has(site.text(name))) return false;
  }
  return true;
}
