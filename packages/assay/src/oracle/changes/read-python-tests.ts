import { parts, type SyntaxNode, type SyntaxTree, textOf } from "#syntax";
import type { OtherPart, TestSource, TestUnit } from "./read-tests.ts";

/** Functions named `test…`, at the top or in classes: what pytest and unittest take for tests. */
export function readPythonTests(tree: SyntaxTree): TestSource {
  const tests: TestUnit[] = [];
  const others: OtherPart[] = [];
  read(tree.root, "");
  return { tree, tests, others };

  function read(container: SyntaxNode, group: string): void {
    for (const node of parts(container)) {
      const definition = parts(node).at(-1);
      const inner = node.kind === "decorated_definition" && definition !== undefined ? definition : node;
      const named = inner.children.find(({ kind }) => kind === "identifier");
      const name = named === undefined ? "" : textOf(tree, named);
      const full = group === "" ? name : `${group}::${name}`;
      const body = inner.children.find(({ kind }) => kind === "block");
      if (inner.kind === "function_definition" && /^test/.test(name)) {
        const header = tree.source.slice(node.start, body?.start ?? node.end);
        tests.push({ name: full, line: inner.line, node, header, several: /parametrize/.test(header) });
      } else if (inner.kind === "class_definition" && body !== undefined && holdsTests(tree, body)) {
        others.push({
          group: full,
          line: node.line,
          node: { ...node, children: withoutBody(node, body), end: body.start },
        });
        read(body, full);
      } else {
        others.push({ group, line: node.line, node });
      }
    }
  }
}

/** The head of a class: decorators, name and bases. */
function withoutBody(node: SyntaxNode, body: SyntaxNode): SyntaxNode[] {
  return node.children.flatMap((child) => {
    if (child === body) return [];
    return child.children.includes(body)
      ? [{ ...child, children: child.children.filter((one) => one !== body) }]
      : [child];
  });
}

function holdsTests(tree: SyntaxTree, body: SyntaxNode): boolean {
  return /\bdef\s+test/.test(textOf(tree, body));
}
