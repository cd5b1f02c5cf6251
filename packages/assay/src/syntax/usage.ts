import type { SyntaxNode, Usage } from "./node.ts";

/** How the next child of `parent` is used, given the children converted so far. */
export function usageOf(parent: SyntaxNode, childKind: string, childNamed: boolean): Usage {
  if (!childNamed) return "name";
  const earlier = parent.children.filter((child) => child.named && child.shape !== "comment").length;
  switch (parent.shape) {
    case "parameters":
    case "import":
    case "decorator":
    case "type":
      return "name";
    case "parameter":
      return parent.children.some((child) => child.kind === "=") ? "read" : "name";
    case "assign":
    case "augmented-assign":
    case "declarator":
    case "for-each":
    case "for-clause":
      return earlier === 0 ? "write" : "read";
    case "keyword-argument":
      return earlier === 0 ? "name" : "read";
    case "member":
      return earlier === 0 ? "read" : "name";
    case "statement":
      // `export … from "./module.js"`: the module's name is no value.
      return parent.kind === "export_statement" && childKind === "string" ? "name" : parent.usage;
    case "subscript":
      return "read";
    case "call":
    case "new":
      return earlier === 0 ? "callee" : "read";
    case "function":
    case "class":
      return childKind === "identifier" ? "name" : "read";
    case "lambda":
      // `x => x`: the parameter comes before the arrow.
      return parent.kind === "arrow_function" && !parent.children.some((child) => child.kind === "=>")
        ? "name"
        : childKind === "identifier" && parent.kind === "function_expression"
          ? "name"
          : "read";
    case "pattern":
      return parent.usage === "name" ? "name" : "write";
    case "block":
    case "arguments":
    case "template-hole":
      return "read";
    default:
      return parent.usage === "callee" ? "read" : parent.usage;
  }
}
