import { posix } from "node:path";

/** Tests that import more are read no further. */
const importsMax = 200;

/** Source files that a file names in its imports, by the languages' usual ways from a module's name to its file. */
export function importedFiles(file: string, text: string, sourceFiles: readonly string[]): string[] {
  const found = new Set<string>();
  const known = new Set(sourceFiles);
  for (const specifier of pythonModules(text).slice(0, importsMax)) {
    const path = specifier.replaceAll(".", "/").replace(/^\/+/, "");
    if (path === "") continue;
    for (const source of sourceFiles) {
      if (endsWithPath(source, `${path}.py`) || endsWithPath(source, `${path}/__init__.py`)) found.add(source);
    }
  }
  for (const match of text.matchAll(/(?:from\s*|import\s*\(?\s*|require\(\s*)(["'])(\.{1,2}\/[^"']+)\1/g)) {
    const target = posix.join(posix.dirname(file), match[2] ?? "");
    const stem = target.replace(/\.[mc]?[jt]sx?$/, "");
    for (const ending of ["", ".ts", ".tsx", ".mts", ".js", ".mjs", ".cjs", ".jsx", "/index.ts", "/index.js"]) {
      for (const candidate of [`${target}${ending}`, `${stem}${ending}`])
        if (known.has(candidate)) found.add(candidate);
    }
  }
  return [...found].sort();
}

function pythonModules(text: string): string[] {
  const modules: string[] = [];
  for (const match of text.matchAll(
    /^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+([^\n#]+)|import[ \t]+([^\n#]+))/gm,
  )) {
    if (match[3]) modules.push(...match[3].split(",").map((name) => name.trim().split(/\s/)[0] ?? ""));
    if (match[1] === undefined) continue;
    modules.push(match[1]);
    for (const name of (match[2] ?? "").replace(/[()]/g, "").split(",")) {
      modules.push(`${match[1]}.${name.trim().split(/\s/)[0] ?? ""}`);
    }
  }
  return modules.filter((name) => /^[\w.]+$/.test(name));
}

function endsWithPath(file: string, path: string): boolean {
  return file === path || file.endsWith(`/${path}`);
}
