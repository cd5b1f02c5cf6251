import { languageOf, parseSource, type SyntaxNode, walk } from "#syntax";

/**
 * The lines of a file on which a statement begins that runs when a function is called. What runs when the module is loaded is left out:
 * it runs whenever a test imports the file. `undefined` where the file cannot be read as code.
 */
export function executableLines(path: string, content: string): ReadonlySet<number> | undefined {
  const language = languageOf(path);
  if (language === undefined) return undefined;
  const parsed = parseSource(language, content);
  if (parsed.kind === "refused") return undefined;
  const lines = new Set<number>();
  for (const node of walk(parsed.tree.root)) {
    if (node.parent?.shape !== "block" || !node.named || declaring.has(node.shape)) continue;
    if (isPlainString(node)) continue;
    for (let at = node.parent.parent; at !== undefined; at = at.parent) {
      if (at.shape === "function" || at.shape === "lambda") {
        lines.add(node.line);
        break;
      }
    }
  }
  return lines;
}

/** A string with holes runs what is in them. */
function isPlainString(node: SyntaxNode): boolean {
  return (
    node.shape === "expression-statement" &&
    node.children.length === 1 &&
    node.children[0]?.shape === "string" &&
    ![...walk(node)].some(({ shape }) => shape === "template-hole")
  );
}

const declaring: ReadonlySet<string> = new Set(["function", "class", "comment", "import", "decorator", "type"]);
