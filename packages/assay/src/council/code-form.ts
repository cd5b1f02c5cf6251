import { languageOf, parseSource, type SyntaxNode, type SyntaxTree, stringLineStarts, textOf, walk } from "#syntax";

/** A text in the forms that comparing, counting and showing need. */
export type CodeForm = {
  /** Equal where two texts are the same code. */
  identity: readonly string[];
  /** Nodes of the syntax tree, parents first; words and signs where there is no tree. */
  nodes: readonly string[];
  /** What people and models are shown. */
  shown: string;
};

const nothing: CodeForm = { identity: [], nodes: [], shown: "" };

/** Both sides of a file as code without comments and layout, or `undefined` if not both can be parsed. */
export function codeForms(path: string, texts: readonly (string | undefined)[]): CodeForm[] | undefined {
  const language = languageOf(path);
  if (language === undefined) return undefined;
  const forms: CodeForm[] = [];
  for (const text of texts) {
    const parsed = text === undefined ? undefined : parseSource(language, unified(text));
    if (parsed?.kind === "refused") return undefined;
    forms.push(parsed === undefined ? nothing : codeForm(parsed.tree));
  }
  return forms;
}

/** Both sides of a file whose text is all that is known: every character counts but the kind of line ends. */
export function textForms(texts: readonly (string | undefined)[]): CodeForm[] {
  return texts.map((text) => {
    if (text === undefined) return nothing;
    const shown = unified(text);
    return { identity: [shown], nodes: shown.match(/\w+|[^\s\w]/gu) ?? [], shown };
  });
}

/** Half of a pair of surrogates is in no file, and has no digest. */
function unified(text: string): string {
  return text
    .toWellFormed()
    .replace(/^\ufeff/, "")
    .replace(/\r\n?/g, "\n");
}

function codeForm(tree: SyntaxTree): CodeForm {
  const identity = [...tokens(tree, tree.root)];
  return { identity, nodes: identity.filter((token) => token !== ")"), shown: withoutComments(tree) };
}

/** `(kind` where an inner node begins, `)` where it ends, `=text` for a leaf. Indentation is in the nesting. */
function* tokens(tree: SyntaxTree, node: SyntaxNode): Generator<string> {
  if (node.shape === "comment" || node.kind === "line_continuation") return;
  if (node.children.length === 0 || isLiteral(node)) {
    yield `=${literal(textOf(tree, node))}`;
    return;
  }
  yield `(${node.kind}`;
  let at = node.start;
  for (const [index, child] of node.children.entries()) {
    // Some grammars leave text without a node of its own.
    const between = tree.source.slice(at, child.start).trim();
    if (between !== "") yield `=${between}`;
    at = child.end;
    if (!isOptional(node, index)) yield* tokens(tree, child);
  }
  const rest = tree.source.slice(at, node.end).trim();
  if (rest !== "") yield `=${rest}`;
  yield ")";
}

/** White space counts in a string; in one that is put together of several only inside these. */
function isLiteral(node: SyntaxNode): boolean {
  return (
    (node.shape === "string" && node.children.every(({ shape }) => shape !== "string")) || node.shape === "template"
  );
}

/** A plain string means the same in either kind of quotes. */
function literal(text: string): string {
  return text.replace(/^'([^'"\\\n]*)'$/, '"$1"');
}

const closing = new Set([")", "]", "}"]);

/** Semicolons at the end of statements, and a comma after the last element. */
function isOptional(parent: SyntaxNode, index: number): boolean {
  const child = parent.children[index];
  if (child?.kind === ";") return parent.shape !== "for";
  if (child?.kind !== "," || !["list", "map", "arguments", "parameters"].includes(parent.shape)) return false;
  const before = parent.children[index - 1];
  return before?.named === true && closing.has(parent.children[index + 1]?.kind ?? "");
}

/** The source without comments, blank lines and white space at line ends, strings excepted. */
function withoutComments(tree: SyntaxTree): string {
  const { source } = tree;
  const comments = [...walk(tree.root)].filter(({ shape }) => shape === "comment");
  const inString = stringLineStarts(tree);
  const lines: string[] = [];
  let next = 0;
  for (let at = 0; at < source.length; at = next) {
    const feed = source.indexOf("\n", at);
    next = feed === -1 ? source.length : feed + 1;
    const end = feed === -1 ? source.length : feed;
    const line = inString.has(next) ? cut(source, at, end, comments) : cut(source, at, end, comments).trimEnd();
    if (line !== "" || inString.has(at)) lines.push(line);
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** A stretch of the source, with one space in place of each comment. */
function cut(source: string, start: number, end: number, comments: readonly SyntaxNode[]): string {
  let text = "";
  let at = start;
  for (const comment of comments) {
    if (comment.end <= at || comment.start >= end) continue;
    text += `${source.slice(at, Math.max(at, comment.start))} `;
    at = Math.min(end, comment.end);
  }
  return text + source.slice(at, end);
}
