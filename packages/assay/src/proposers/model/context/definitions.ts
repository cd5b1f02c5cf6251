import { parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";

/** Lines are 1-based and inclusive. */
type Range = { start: number; end: number };
export type Definition = Range & { name: string };

/** Names that stand in some lines of a file. */
export function namesUsed(tree: SyntaxTree, { start, end }: Range): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of walk(tree.root)) {
    if (isName(node) && start <= node.line && node.line <= end) names.add(textOf(tree, node));
  }
  return names;
}

/** What the statements of a module define: functions, classes, types, variables; not what it imports. */
export function definitionsIn(tree: SyntaxTree): Definition[] {
  return parts(tree.root).flatMap((statement) => {
    if (isImport(statement)) return [];
    return definedNames(tree, statement).map((name) => ({ name, start: statement.line, end: statement.lineEnd }));
  });
}

export function isImport({ shape, kind }: SyntaxNode): boolean {
  // Types have the shape of imports: neither is edited.
  return shape === "import" && kind.includes("import");
}

/** Types have the shape of imports. */
const defining: ReadonlySet<SyntaxNode["shape"]> = new Set(["function", "class", "import"] as const);

function definedNames(tree: SyntaxTree, statement: SyntaxNode): string[] {
  const isWrapper = statement.shape === "statement" || statement.shape === "expression-statement";
  const inner = isWrapper ? [statement, ...parts(statement)] : [statement];
  const named = inner
    .filter(({ shape }) => defining.has(shape))
    .flatMap((node) => node.children.filter(isName).slice(0, 1));
  const assigned = inner
    .flatMap((node) => [node, ...parts(node)])
    .filter(({ shape }) => shape === "assign" || shape === "declarator")
    .flatMap((node) => parts(node).slice(0, 1).filter(isName));
  return [...new Set([...named, ...assigned].map((node) => textOf(tree, node)))];
}

function isName({ shape, kind }: SyntaxNode): boolean {
  return shape === "identifier" || kind === "type_identifier";
}
