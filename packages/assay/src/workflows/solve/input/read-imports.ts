import { languageOf, parseSource, parts, type SyntaxTree, textOf, walk } from "#syntax";

/** A module that a test file imports, with the names it uses of it; `default` and `*` stand for themselves. */
export type Imported = { module: string; names: readonly string[] };

export type ImportsRead = { kind: "read"; imports: readonly Imported[] } | { kind: "refused"; reason: string };

/** What a test file imports, read by its syntax: every module of Python, of JavaScript and TypeScript what `import` and `require` name. */
export function readImports(path: string, source: string): ImportsRead {
  const language = languageOf(path);
  if (language === undefined) return { kind: "refused", reason: "its language is not supported" };
  const parsed = parseSource(language, source);
  if (parsed.kind === "refused") return { kind: "refused", reason: `it cannot be parsed (${parsed.reason})` };
  const found = new Map<string, Set<string>>();
  const add = (module: string, names: readonly string[]) => {
    const known = found.get(module) ?? new Set<string>();
    for (const name of names) known.add(name);
    found.set(module, known);
  };
  if (language.name === "python") pythonImports(parsed.tree, add);
  else javascriptImports(parsed.tree, add);
  return { kind: "read", imports: [...found].map(([module, names]) => ({ module, names: [...names].sort() })) };
}

type Add = (module: string, names: readonly string[]) => void;

function pythonImports(tree: SyntaxTree, add: Add): void {
  for (const node of walk(tree.root)) {
    const text = withoutComments(textOf(tree, node));
    if (node.kind === "import_from_statement") {
      const [, module = "", names = ""] = /^from\s+(\S+)\s+import\s+([\s\S]+)$/.exec(text) ?? [];
      add(module, listed(names));
    }
    if (node.kind === "import_statement") {
      for (const one of listedWithAliases(text.replace(/^import\s+/, ""))) add(one.name, attributesOf(tree, one.alias));
    }
  }
}

function javascriptImports(tree: SyntaxTree, add: Add): void {
  for (const node of walk(tree.root)) {
    const text = textOf(tree, node);
    if (node.kind === "import_statement") {
      const match = /^import\s+(?:type\s+)?([\s\S]*?)\s*(?:from\s*)?(["'])(.*?)\2/.exec(text);
      if (match?.[3] !== undefined) add(match[3], clauseNames(tree, match[1] ?? ""));
    } else if (node.kind === "call_expression") {
      const module = /^(?:require|import)\(\s*(["'])(.*?)\1\s*\)$/.exec(text)?.[2];
      const holder = node.parent?.kind === "await_expression" ? node.parent.parent : node.parent;
      const target = holder?.kind === "variable_declarator" ? parts(holder)[0] : undefined;
      if (module !== undefined) add(module, target === undefined ? [] : clauseNames(tree, textOf(tree, target), true));
    }
  }
}

/** Names of `a, { b, c as d }`, `* as m` (what is used of `m`), and of `{ a, b: c }` or `m` as `require` gives them. */
function clauseNames(tree: SyntaxTree, clause: string, required = false): string[] {
  const braces = /\{([\s\S]*)\}/.exec(clause)?.[1];
  const named = braces === undefined ? [] : listed(braces.replace(/\btype\s+/g, "").replaceAll(":", " as "));
  const outside = clause
    .replace(/\{[\s\S]*\}/, "")
    .replace(/,/g, " ")
    .trim();
  const whole = /^\*\s*as\s+([\w$]+)$/.exec(outside)?.[1] ?? (required ? outside : "");
  if (/^[\w$]+$/.test(whole)) return [...named, ...attributesOf(tree, whole)];
  return /^[\w$]+$/.test(outside) ? ["default", ...named] : named;
}

/** `a.f` and the like, wherever the module is used under this name. */
function attributesOf(tree: SyntaxTree, alias: string): string[] {
  const use = new RegExp(`(?<![\\w$.])${alias.replace(/[.$]/g, "\\$&")}\\.([A-Za-z_$][\\w$]*)`, "g");
  return [...tree.source.matchAll(use)].map((match) => match[1] ?? "");
}

function listed(names: string): string[] {
  return listedWithAliases(names).map(({ name }) => name);
}

function listedWithAliases(names: string): { name: string; alias: string }[] {
  return names
    .replace(/[()\\]/g, " ")
    .split(",")
    .map((one) => one.trim().split(/\s+as\s+/))
    .map(([name = "", alias = name]) => ({ name: name.trim(), alias: alias.trim() }))
    .filter(({ name }) => name !== "");
}

function withoutComments(text: string): string {
  return text.replace(/#[^\n]*/g, "");
}
