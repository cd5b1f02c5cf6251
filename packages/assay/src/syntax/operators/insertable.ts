import { atom, binary, negation } from "../expression.ts";
import { ancestor, type SyntaxNode, walk } from "../node.ts";
import type { OperatorName } from "../priors.ts";
import type { Variable } from "../scope.ts";
import { isStatement, type Site } from "../site.ts";

/** A statement's text; lines after the first start at the block's indentation. */
export type Insertable = { operator: OperatorName; text: string; weight?: number };

/** Functions with more variables offer only the nearest. */
const variablesMax = 12;
const copiesMax = 30;
const copyCharactersMax = 120;

/** The statements that may be put before or behind `node`. */
export function* insertable(node: SyntaxNode, site: Site): Iterable<Insertable> {
  const variables = site.variables(node).slice(0, variablesMax);
  const end = site.language.terminator;
  yield* copies(node, site);
  for (const one of variables) yield* assignments(one, variables, site, end);
  for (const one of variables) yield* exits(one, site, end);
  if (ancestor(node, (at) => ["for", "for-each", "while"].includes(at.shape))) {
    yield { operator: "ins_brk", text: `break${end}` };
    yield { operator: "ins_brk", text: `continue${end}` };
  }
}

/** Simple statements of the same function once more. */
function* copies(node: SyntaxNode, site: Site): Iterable<Insertable> {
  const home = site.functionAround(node);
  const seen = new Set<string>();
  for (const other of home ? walk(home) : []) {
    if (!isStatement(other) || !["expression-statement", "return"].includes(other.shape)) continue;
    const text = site.text(other);
    if (other.children[0]?.shape === "string" || text.includes("\n") || text.length > copyCharactersMax) continue;
    if (seen.has(text) || seen.size >= copiesMax) continue;
    seen.add(text);
    yield { operator: "ins_copy", text };
  }
}

function* assignments(one: Variable, all: readonly Variable[], site: Site, end: string): Iterable<Insertable> {
  const { name, kind } = one;
  const { words, appends } = site.language;
  for (const other of all) {
    if (other.name === name) continue;
    const known = kind !== undefined && other.kind !== undefined;
    if (!known || kind === other.kind) {
      yield { operator: "ins_assign", text: `${name} = ${other.name}${end}`, weight: known ? 1 : 0.7 };
    }
    const append = kind === "list" || kind === "set" ? appends[kind] : undefined;
    if (append) {
      const text = append.replace("$x", name).replace("$y", other.name);
      yield { operator: "ins_call", text: `${text}${end}` };
    }
    if (kind === "number" && other.kind === "number") {
      yield { operator: "ins_aug", text: `${name} += ${other.name}${end}` };
    }
  }
  if (kind === "number") {
    for (const change of ["+= 1", "-= 1", "= 0"]) yield { operator: "ins_aug", text: `${name} ${change}${end}` };
  } else if (kind === "list") yield { operator: "ins_aug", text: `${name} = ${site.language.emptyList}${end}` };
  else if (kind === "boolean") {
    for (const value of [words.true, words.false]) yield { operator: "ins_aug", text: `${name} = ${value}${end}` };
  }
}

function* exits(one: Variable, site: Site, end: string): Iterable<Insertable> {
  const { words, guard, emptyList } = site.language;
  const { name, kind } = one;
  yield { operator: "ins_ret", text: `return ${name}${end}` };
  const self = atom(site.language, name);
  const conditions = [negation(site.language, self).text];
  if (kind === "number") {
    for (const [sign, value] of [
      [words.equal, "0"],
      ["<", "0"],
      [words.equal, "1"],
      ["<=", "1"],
    ] as const) {
      conditions.push(binary(site.language, self, sign, atom(site.language, value)).text);
    }
  }
  for (const result of [emptyList, words.true, words.false, words.null, "0", name]) {
    for (const condition of conditions) {
      yield { operator: "ins_guard", text: guard.replace("$c", condition).replace("$r", result) };
    }
  }
}
