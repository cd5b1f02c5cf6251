import { atom, filled } from "../expression.ts";
import { type SyntaxNode, walk } from "../node.ts";
import type { OperatorName } from "../priors.ts";
import type { Variable } from "../scope.ts";
import { isStatement, type Site } from "../site.ts";
import { copiedGuards, exits, guards } from "./exits.ts";

/** A statement's text; lines after the first start at the block's indentation. */
export type Insertable = { operator: OperatorName; text: string; weight?: number };

/** Functions with more variables offer only the nearest. */
const variablesMax = 12;
const copiesMax = 30;
const substitutesMax = 60;
const copyCharactersMax = 120;

/** The statements that may be put before or behind `node`. */
export function* insertable(node: SyntaxNode, site: Site): Iterable<Insertable> {
  const variables = site.variables(node).slice(0, variablesMax);
  const copies = copied(node, site);
  for (const { text } of copies) yield { operator: "ins_copy", text };
  yield* substituted(copies, variables, site);
  for (const one of variables) yield* assignments(one, variables, site, site.language.terminator);
  yield* copiedGuards(node, site);
  yield* exits(node, variables, site);
  yield* guards(variables, site);
}

type Copy = { text: string; node: SyntaxNode };

/** Simple statements of the same function once more. */
function copied(node: SyntaxNode, site: Site): Copy[] {
  const home = site.functionAround(node);
  const seen = new Map<string, Copy>();
  for (const other of home ? walk(home) : []) {
    if (!isStatement(other) || !["expression-statement", "return"].includes(other.shape)) continue;
    const text = site.text(other);
    if (other.children[0]?.shape === "string" || text.includes("\n") || text.length > copyCharactersMax) continue;
    if (!seen.has(text) && seen.size < copiesMax) seen.set(text, { text, node: other });
  }
  return [...seen.values()];
}

/** The same with one variable in the place of another. */
function* substituted(copies: readonly Copy[], variables: readonly Variable[], site: Site): Iterable<Insertable> {
  const made = new Set(copies.map(({ text }) => text));
  for (const { text, node } of copies) {
    for (const name of walk(node)) {
      if (name.shape !== "identifier" || name.usage !== "read") continue;
      const own = variables.find((variable) => variable.name === site.text(name));
      for (const other of own === undefined ? [] : variables) {
        if (own?.kind !== undefined && other.kind !== undefined && own.kind !== other.kind) continue;
        const changed = text.slice(0, name.start - node.start) + other.name + text.slice(name.end - node.start);
        if (made.has(changed) || made.size > copiesMax + substitutesMax) continue;
        made.add(changed);
        yield { operator: "ins_copy_var", text: changed };
      }
    }
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
      const views = other.kind === "list" ? site.language.items : [];
      for (const view of views) {
        const item = filled(site.language, view, atom(site.language, other.name)).text;
        yield { operator: "ins_call", text: `${append.replace("$x", name).replace("$y", item)}${end}`, weight: 0.9 };
      }
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
