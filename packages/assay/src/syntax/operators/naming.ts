import type { LanguageTable } from "../language.ts";
import { parts } from "../node.ts";
import { type Operator, replace } from "../operator.ts";

/** `min` to `max`, `startswith` to `endswith`, an attribute to another one of the file or of the same class. */
export const naming: Operator = {
  shapes: ["call", "new", "member"],
  *drafts(node, site) {
    const [first, second] = parts(node);
    if (node.shape !== "member") {
      if (first?.shape !== "identifier") return;
      for (const other of pairedWith(site.language, site.text(first))) yield replace("call_pair", first, other);
      return;
    }
    const name = node.children.at(-1);
    if (second === undefined || name === undefined || name.usage !== "name") return;
    const text = site.text(name);
    const paired = pairedWith(site.language, text);
    const siblings = site.facts.siblings(text);
    for (const other of new Set([...paired, ...siblings, ...site.attributes])) {
      if (other === text || other.startsWith("#") !== text.startsWith("#")) continue;
      const related = paired.includes(other) || lastWord(other) === lastWord(text);
      const weight = siblings.length === 0 || siblings.includes(other) ? 1 : 0.8;
      yield related ? replace("attr_pair", name, other) : replace("attr", name, other, weight);
    }
  },
};

export function pairedWith(language: LanguageTable, name: string): string[] {
  return language.paired.flatMap(([a, b]) => (a === name ? [b] : b === name ? [a] : []));
}

/** `total_price` and `unit_price`, `minWidth` and `maxWidth` end alike. */
function lastWord(name: string): string {
  return (/[A-Z]?[a-z0-9]+$/.exec(name)?.[0] ?? name).toLowerCase();
}

/** A called function to another one of the module: a misspelt or mistaken name. */
export const callee: Operator = {
  shapes: ["identifier"],
  *drafts(node, site) {
    if (node.usage !== "callee") return;
    const name = site.text(node);
    for (const other of site.callables) if (other !== name) yield replace("callee", node, other);
  },
};
