import { posix } from "node:path";

const python = /^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+([^\n]*))/gm;
const javascript = /(?:\bfrom|\bimport|\b(?:require|import)\s*\(|\bmock\s*\()\s*['"]([^'"\n]+)['"]/g;
const codeEnding = /\.(?:py|[cm]?[jt]sx?)$/;

/** What the file imports, so that `isModule` can be asked of it; by text, without the files that it names. */
export function importsOf(path: string, source: string): string[] {
  return path.endsWith(".py") ? pythonImports(path, source) : javascriptImports(path, source);
}

/**
 * Whether an import means the file. Where packages begin is not known, so of Python, and of aliases, the end of a path is enough: it
 * says yes too often rather than too seldom.
 */
export function isModule(imported: string, path: string): boolean {
  const module = path.replace(codeEnding, "").replace(/\/(?:__init__|index)$/, "");
  return module === imported || module.endsWith(`/${imported}`);
}

function pythonImports(path: string, source: string): string[] {
  return [...source.matchAll(python)].flatMap(([, from, names = "", plain]) => {
    if (from === undefined) return namesIn(plain ?? "").map((name) => name.replaceAll(".", "/"));
    const dots = /^\.*/.exec(from)?.[0].length ?? 0;
    const above = "../".repeat(Math.max(0, dots - 1));
    const rest = from.slice(dots).replaceAll(".", "/");
    const module = dots === 0 ? rest : posix.join(posix.dirname(path), above, rest).replace(/\/$/, "");
    // What is imported from a package may be a module of it.
    return [module, ...namesIn(names).map((name) => posix.join(module, name))];
  });
}

function namesIn(list: string): string[] {
  return list
    .replace(/#[^\n]*/g, "")
    .split(",")
    .flatMap((item) => /[\w.]+/.exec(item)?.[0] ?? []);
}

function javascriptImports(path: string, source: string): string[] {
  return [...source.matchAll(javascript)].map(([, specifier = ""]) => {
    const plain = specifier.replace(codeEnding, "").replace(/\/index$/, "");
    return /^\.\.?(?:\/|$)/.test(plain) ? posix.join(posix.dirname(path), plain) : plain.replace(/^(?:[@~#]\/?)/, "");
  });
}
