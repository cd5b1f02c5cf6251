import { parts, type SyntaxNode, type SyntaxTree, textOf } from "#syntax";

/** What a statement at the top of a test file brings into it. */
export type Bindings =
  /** `imports`: `name from module`, so that a longer list of the same import is no other import. */
  | { kind: "imports"; names: string[]; imports: string[] }
  | { kind: "definition"; names: string[] }
  /** It does something, or what it binds cannot be told. */
  | { kind: "action" };

const imported = /^(?:import|from)\b/;
const required =
  /^(?:const|let|var)\s+(?<what>\{[^}]*\}|[\w$]+)\s*=\s*(?:await\s+import|require)\(\s*(?<module>['"][^'"]+['"])\s*\)\s*;?$/s;

export function bindingsOf(tree: SyntaxTree, node: SyntaxNode): Bindings {
  const text = textOf(tree, node).trim();
  const python = /^from\s+(?<module>[\w.]+)\s+import\s+\(?(?<what>[^()]*)\)?$/s.exec(text)?.groups;
  const javascript = /^import\s+(?:type\s+)?(?<what>[^'"]+?)\s+from\s+(?<module>['"][^'"]+['"])/s.exec(text)?.groups;
  const from = python ?? javascript ?? required.exec(text)?.groups;
  if (from?.what !== undefined && from.module !== undefined) return fromModule(from.what, from.module);
  const plain = /^import\s+(?<what>[\w.,\s]+)$/s.exec(text)?.groups?.what;
  if (plain !== undefined) return fromModule(plain, "");
  if (imported.test(text)) return { kind: "action" };
  return definition(tree, node);
}

function fromModule(what: string, module: string): Bindings {
  if (what.includes("*") && !/\bas\s+\w+/.test(what)) return { kind: "action" };
  const items = what
    .replace(/#.*$/gm, "")
    .replace(/[{}]/g, ",")
    .split(",")
    .map((item) => item.trim().replace(/^type\s+/, ""))
    .filter((item) => item !== "");
  const names = items.map((item) => (/(?:\bas\s+|:\s*)([\w$]+)$/.exec(item)?.[1] ?? item.split(".")[0] ?? item).trim());
  return { kind: "imports", names, imports: items.map((item) => `${item} from ${module}`) };
}

const definitions = new Set([
  "function_definition",
  "class_definition",
  "function_declaration",
  "class_declaration",
  "generator_function_declaration",
  "lexical_declaration",
  "interface_declaration",
  "type_alias_declaration",
]);
/** Names that a runner gives a meaning of its own. */
const special = /^(?:pytest_|setup|teardown|setUp|tearDown|pytestmark$|load_tests$|collect_ignore)/;

function definition(tree: SyntaxTree, node: SyntaxNode): Bindings {
  const text = textOf(tree, node);
  const inner = node.kind === "decorated_definition" ? (parts(node).at(-1) ?? node) : node;
  const assigned = /^(?<name>[A-Za-z_]\w*)\s*(?::[^=]+)?=(?!=)/.exec(text)?.groups?.name;
  if (/autouse|beforeEach|afterEach|\bpatch\b|\bmock\b/.test(text)) return { kind: "action" };
  if (node.kind === "expression_statement" && assigned === undefined) return { kind: "action" };
  if (!definitions.has(inner.kind) && assigned === undefined) return { kind: "action" };
  const declared = /^(?:async\s+)?(?:def|class|function\*?|const|let|var|interface|type)\s+(?<name>[\w$]+)/.exec(
    textOf(tree, inner),
  )?.groups?.name;
  const name = declared ?? assigned;
  return name === undefined || special.test(name) ? { kind: "action" } : { kind: "definition", names: [name] };
}
