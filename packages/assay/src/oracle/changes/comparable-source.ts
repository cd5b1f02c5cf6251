import { languageOf, parseSource, type SyntaxTree } from "#syntax";

/** As Python itself looks for it (PEP 263), in the first two lines. */
const coding = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const utf8 = /^utf[-_]?8$/i;
/** Python ends a line at a lone carriage return, and with it a comment; the grammar does not. */
const loneReturn = /\r(?!\n)/;

/** The tree of a source that means to its interpreter what it means to the grammar; `undefined` where that cannot be told. */
export function comparableSource(path: string, content: string | undefined): SyntaxTree | undefined {
  const language = languageOf(path);
  if (language === undefined || content === undefined) return undefined;
  if (language.name === "python" && !isPlainPython(content)) return undefined;
  const result = parseSource(language, content);
  return result.kind === "parsed" ? result.tree : undefined;
}

/** In another coding than UTF-8 a comment may hold line ends and code that nobody sees. */
function isPlainPython(content: string): boolean {
  const named = content
    .split(/\r\n|\r|\n/, 2)
    .map((line) => coding.exec(line)?.[1])
    .find((name) => name !== undefined);
  return !loneReturn.test(content) && (named === undefined || utf8.test(named));
}

export type Pragma = { line: number; text: string };

/** Read by a test runner, a compiler or the system before the code is run; some look for it in strings too, so no tree is asked. */
const pragmas =
  /^#!.*|@(?:vitest|jest|vite)-[-\w]+.*|@jsx\w*.*|[#@][ \t]*source(?:Mapping)?URL=\S*|^#[ \t]*(?:cython|distutils)[ \t]*:.*/g;

/** What stands in comments and yet changes what is run, in its order. */
export function pragmasIn({ source }: SyntaxTree): Pragma[] {
  return source
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .flatMap((text, index) => [...text.matchAll(pragmas)].map(([found]) => ({ line: index + 1, text: found.trim() })));
}
