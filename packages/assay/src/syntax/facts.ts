import type { ValueKind } from "./language.ts";
import { attributeNames } from "./names.ts";
import { parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "./node.ts";

/** What operators may know beyond the file they edit. */
export type Facts = {
  /** Attributes that some class of the project has beside the given one, the most likely first. */
  siblings(attribute: string): readonly string[];
  /** Literals of the tests that fail, as they stand there. */
  readonly literals: Literals;
  /** What kinds of values the variables of a function had when it ran, by name; the function begins on that line (1-based). */
  kindsAt?(line: number): ReadonlyMap<string, ValueKind> | undefined;
  /** Nothing is guessed of the kinds of values. */
  readonly untyped?: boolean;
};

export type Literals = { readonly numbers: readonly string[]; readonly strings: readonly string[] };

export const noFacts: Facts = { siblings: () => [], literals: { numbers: [], strings: [] } };

const siblingsMax = 12;

/** Answers from the families of all files: those of a family that is small come first, for there a name says more. */
export function siblingsFrom(families: readonly (readonly string[])[]): Facts["siblings"] {
  const bySize = families.toSorted((a, b) => a.length - b.length);
  return (attribute) => {
    const found = new Set<string>();
    for (const family of bySize) if (family.includes(attribute)) for (const name of family) found.add(name);
    found.delete(attribute);
    return [...found].slice(0, siblingsMax);
  };
}

/** For each class, interface and object literal of a file the names of its attributes, methods included. */
export function familiesOf(tree: SyntaxTree): string[][] {
  const families: string[][] = [];
  for (const node of walk(tree.root)) {
    if (!isFamily(node)) continue;
    const names = new Set(attributeNames(tree, node).filter((name) => !/^(__.*__|constructor)$/.test(name)));
    if (names.size >= 2) families.push([...names]);
  }
  return families;
}

function isFamily(node: SyntaxNode): boolean {
  return node.shape === "class" || node.shape === "map" || /^(interface_body|object_type)$/.test(node.kind);
}

const literalsMax = 24;
const stringCharactersMax = 40;

/** The literals in the function, or call with a string, of that name; in the whole file where there is none. */
export function literalsIn(tree: SyntaxTree, name: string): Literals {
  const homes = [...walk(tree.root)].filter((node) => isNamed(tree, node, name));
  const numbers = new Set<string>();
  const strings = new Set<string>();
  for (const home of homes.length > 0 ? homes : [tree.root]) {
    for (const node of walk(home)) {
      const text = textOf(tree, node);
      if (node.shape === "number") numbers.add(text);
      else if (node.shape === "string" && text.length <= stringCharactersMax && /^(["'])[^"'\\\n]*\1$/.test(text)) {
        const inner = text.slice(1, -1);
        if (inner !== name) strings.add(inner);
      }
    }
  }
  return { numbers: [...numbers].slice(0, literalsMax), strings: [...strings].slice(0, literalsMax) };
}

/** `def test_total`, `test("adds up", …)`. */
function isNamed(tree: SyntaxTree, node: SyntaxNode, name: string): boolean {
  if (node.shape === "function")
    return parts(node).some((part) => part.shape === "identifier" && textOf(tree, part) === name);
  if (node.shape !== "call") return false;
  const list = node.children.find((child) => child.shape === "arguments");
  const first = list && parts(list)[0];
  return first?.shape === "string" && textOf(tree, first).slice(1, -1) === name;
}
