import { parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";
import { bindingsOf } from "./bindings.ts";
import { comparableSource } from "./comparable-source.ts";
import { importsOf, isModule } from "./imported-by.ts";

/** Its first argument alone is asserted. */
const truthy = /^(?:self\.assert(?:True|False)|assert(?:\.ok)?|t\.(?:ok|assert|true|truthy)|ok)$/;
const matcher = /^\s*\.\s*(?:not\s*\.\s*)?(?:to(?:Be|Equal|StrictEqual)\(\s*(?:true|false)|toBeTruthy\(|toBeFalsy\()/;
/** A function that asserts, by its name. */
const asserting = /^(?:assert|check|expect|verify|ensure)(?:_|[A-Z])/;

/**
 * Whether a test takes a module's word for what other code does: `assert same(total([1]), 1)` where `same` is the module's and `total`
 * is not. That of `assert total([1]) == 1` it does not.
 */
export function decidesAssertions(
  module: string,
  testPath: string,
  source: string,
  others: readonly string[],
): boolean {
  const tree = comparableSource(testPath, source);
  if (tree === undefined) return false;
  const own = new Set<string>();
  const tested = new Set<string>();
  for (const node of walk(tree.root)) {
    if (!node.kind.startsWith("import") && node.kind !== "lexical_declaration") continue;
    const bound = bindingsOf(tree, node);
    if (bound.kind !== "imports") continue;
    const imports = importsOf(testPath, textOf(tree, node));
    if (imports.some((one) => isModule(one, module))) for (const name of bound.names) own.add(name);
    else if (imports.some((one) => others.some((path) => isModule(one, path))))
      for (const name of bound.names) tested.add(name);
  }
  if (own.size === 0 || tested.size === 0) return false;
  return [...walk(tree.root)]
    .flatMap((node) => decidingCalls(tree, node))
    .some((call) => {
      const [callee, given] = parts(call);
      if (callee === undefined || given === undefined || !own.has(rootName(tree, callee))) return false;
      return [...walk(given)].some((inner) => inner.kind === "identifier" && tested.has(textOf(tree, inner)));
    });
}

/** Calls whose answer, taken as it is, decides: the operand of an assertion, or what asserts by its name. */
function decidingCalls(tree: SyntaxTree, node: SyntaxNode): SyntaxNode[] {
  if (node.kind === "assert_statement") return callIn(parts(node)[0]);
  const [callee, given] = isCall(node) ? parts(node) : [];
  if (callee === undefined || given === undefined) return [];
  const name = textOf(tree, callee);
  if (truthy.test(name)) return callIn(parts(given)[0]);
  // Of `expect(x).toBe(true)` this is `expect(x)`; what follows stands two levels above.
  if (name === "expect") {
    return matcher.test(tree.source.slice(node.end, node.parent?.parent?.end ?? node.end))
      ? callIn(parts(given)[0])
      : [];
  }
  return asserting.test(name.split(".").at(-1) ?? "") ? [node] : [];
}

function callIn(node: SyntaxNode | undefined): SyntaxNode[] {
  if (node === undefined) return [];
  if (isCall(node)) return [node];
  return ["unary", "await", "parenthesized"].includes(node.shape) ? callIn(parts(node).at(-1)) : [];
}

function isCall({ shape }: SyntaxNode): boolean {
  return shape === "call";
}

function rootName(tree: SyntaxTree, callee: SyntaxNode): string {
  return /^[\w$]+/.exec(textOf(tree, callee))?.[0] ?? "";
}
