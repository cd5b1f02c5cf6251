import { parse } from "@ast-grep/napi";

/** The specifiers that a TypeScript module imports or re-exports: statically, dynamically, as types. */
export function importsOf(source) {
  const tree = parse("TypeScript", source).root();
  const named = ["import_statement", "export_statement"].flatMap((kind) =>
    tree.findAll({ rule: { kind } }).map((node) => node.field("source")),
  );
  const called = tree.findAll({ rule: { pattern: "import($A)" } }).map((node) =>
    node
      .field("arguments")
      ?.children()
      .find((child) => child.kind() === "string"),
  );
  return [...named, ...called].filter((node) => node != null).map((node) => node.text().slice(1, -1));
}
