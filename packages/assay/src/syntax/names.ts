import { parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "./node.ts";

const namesMax = 200;

/** Names of attributes, methods and fields that a file uses or defines, sorted. */
export function attributesOf(tree: SyntaxTree): string[] {
  const names = new Set<string>();
  for (const node of walk(tree.root)) if (isAttributeName(node)) names.add(textOf(tree, node));
  return [...names].slice(0, namesMax).sort();
}

/**
 * Names of the attributes and methods of one class, interface or object literal; of what a class's methods use only what they use
 * of the object itself.
 */
export function attributeNames(tree: SyntaxTree, home: SyntaxNode): string[] {
  const names = new Set<string>();
  for (const node of walk(home)) {
    if (!isAttributeName(node)) continue;
    const receiver = node.parent?.shape === "member" ? parts(node.parent)[0] : undefined;
    if (receiver === undefined || /^(self|cls|this)$/.test(textOf(tree, receiver))) names.add(textOf(tree, node));
  }
  return [...names].slice(0, namesMax);
}

/** Functions, classes and imported names of a module, in the order of the source. */
export function callablesOf(tree: SyntaxTree): string[] {
  const names = new Set<string>();
  for (const statement of parts(tree.root)) {
    const inner = statement.shape === "statement" ? [statement, ...parts(statement)] : [statement];
    for (const node of inner) {
      const name = node.shape === "function" || node.shape === "class" ? nameOf(node) : undefined;
      if (name) names.add(textOf(tree, name));
      if (node.shape === "import") for (const imported of importedNames(node)) names.add(textOf(tree, imported));
    }
  }
  return [...names].slice(0, namesMax);
}

export type NamedFunction = { name: string; start: number; end: number };

/** Functions and methods that have a name, methods behind their class's (`Cart.total`), outer ones before those inside of them. */
export function namedFunctions(tree: SyntaxTree): NamedFunction[] {
  const found: NamedFunction[] = [];
  const visit = (node: SyntaxNode, outer: readonly string[]): void => {
    const own = node.shape === "function" || node.shape === "class" ? ownName(node) : undefined;
    const names = own === undefined ? outer : [...outer, textOf(tree, own)];
    if (own !== undefined && node.shape === "function") {
      found.push({ name: names.join("."), start: node.start, end: node.end });
    }
    for (const child of node.children) visit(child, names);
  };
  visit(tree.root, []);
  return found;
}

function ownName(node: SyntaxNode): SyntaxNode | undefined {
  return nameOf(node) ?? node.children.find(({ kind }) => kind === "property_identifier");
}

function isAttributeName(node: SyntaxNode): boolean {
  if (node.kind === "property_identifier") return true;
  if (node.shape !== "identifier") return false;
  if (node.parent?.shape === "member") return node.usage === "name";
  const isMethodName = node.parent?.shape === "function" && node.usage === "name";
  const statement = isMethodName ? node.parent : node.usage === "write" ? node.parent?.parent : undefined;
  return statement?.parent?.parent?.shape === "class";
}

function nameOf(node: SyntaxNode): SyntaxNode | undefined {
  return node.children.find((child) => child.shape === "identifier" || child.kind === "type_identifier");
}

/** Of `a.b as c` the `c`, of `a` the `a`. */
function importedNames(node: SyntaxNode): SyntaxNode[] {
  const leaves = [...walk(node)].filter((leaf) => leaf.shape === "identifier");
  return leaves.filter((leaf) => {
    const next = leaf.parent?.children.at(-1);
    return next === leaf && leaf.parent?.parent?.shape !== undefined;
  });
}
