import { posix } from "node:path";
import {
  familiesOf,
  type LanguageTable,
  languageOf,
  parts,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  walk,
} from "#syntax";
import type { SourceTrees } from "../source-trees.ts";
import { javascriptLibrary } from "./javascript-library.ts";
import type { LibraryNames } from "./library-names.ts";
import { nearest } from "./nearest.ts";
import { pythonLibrary } from "./python-library.ts";

const byteOrderMark = "\ufeff";

/** What the project's files define and can import. */
export class ProjectNames {
  readonly #sources: SourceTrees;
  readonly #files: readonly string[];

  /** `files`: all of the project's, of which only the sources can be read. */
  constructor(sources: SourceTrees, files: readonly string[]) {
    this.#sources = sources;
    this.#files = files;
  }

  tree(file: string): SyntaxTree | undefined {
    return this.#sources.tree(file);
  }

  /** The trees of files whose text has this in it. */
  containing(text: string): Iterable<[string, SyntaxTree]> {
    return this.#sources.containing(text);
  }

  builtins(file: string): readonly string[] {
    return libraryOf(languageOf(file)).builtins;
  }

  attributes(): string[] {
    const names = new Set<string>();
    for (const [, tree] of this.containing("")) {
      for (const name of familiesOf(tree).flat()) names.add(name);
      for (const node of walk(tree.root)) {
        if (node.shape === "member") names.add(textOf(tree, parts(node).at(-1) ?? node));
      }
    }
    return [...names];
  }

  /** Names that a file offers to those that import it. */
  exportsOf(file: string): string[] {
    const tree = this.tree(file);
    if (tree === undefined) return [];
    const offered = tree.language.indented ? parts(tree.root) : parts(tree.root).filter(isExport).flatMap(parts);
    const names = offered.flatMap((node) => definedBy(node)).map((node) => textOf(tree, node));
    if (!tree.language.indented) names.push(...commonJsExports(tree.source));
    return file.endsWith("__init__.py") ? [...names, ...this.#submodules(file)] : names;
  }

  #submodules(file: string): string[] {
    const folder = posix.dirname(file);
    return [...this.#sources.texts.keys()].flatMap((other) => {
      const inside = posix.relative(folder, other.replace(/(\/__init__)?\.py$/, ""));
      return other !== file && /^\w+$/.test(inside) ? [inside] : [];
    });
  }

  /** Lines that import a name into a file, with the file's own line endings: from the project, else from the language's library. */
  importsOf(file: string, name: string): string[] {
    const language = languageOf(file);
    if (language === undefined) return [];
    const lines: string[] = [];
    const isSameLanguage = (other: string) => languageOf(other)?.indented === language.indented;
    for (const [other] of this.containing(name)) {
      if (other !== file && isSameLanguage(other) && this.exportsOf(other).includes(name)) {
        lines.push(...this.#importLines(file, name, other));
      }
    }
    const library = libraryOf(language);
    for (const [module, names] of Object.entries(library.exports)) {
      if (names.includes(name)) lines.push(this.#line(file, name, module));
    }
    if (language.indented && library.modules.includes(name)) lines.push(`import ${name}`);
    if (!language.indented && library.modules.includes(`node:${name}`)) {
      const quoted = JSON.stringify(`node:${name}`);
      lines.push(this.#isCommonJs(file) ? `const ${name} = require(${quoted});` : `import ${name} from ${quoted};`);
    }
    const source = this.#sources.texts.get(file) ?? "";
    const feed = source.includes("\r\n") ? "\r\n" : "\n";
    // Behind a last line that has no end, a new one begins.
    const at = this.importPlace(file).start;
    const lead = at > 0 && source[at - 1] !== "\n" && source[at - 1] !== byteOrderMark ? feed : "";
    return lines.map((line) => `${lead}${line}${feed}`);
  }

  /** Where a new import goes: behind the last one, else at the top, below what must stay first. */
  importPlace(file: string): { start: number; end: number } {
    const tree = this.tree(file);
    if (tree === undefined) return { start: 0, end: 0 };
    const statements = parts(tree.root);
    const last = statements.findLast(
      (node) => node.shape === "import" && !/^(interface|type_alias|enum|global|nonlocal)/.test(node.kind),
    );
    const head = statements.find((node) => node.shape === "expression-statement" && parts(node)[0]?.shape === "string");
    const behind = last ?? (head === statements[0] ? head : undefined);
    const shebang = /^\ufeff?(#!.*\n)?/.exec(tree.source)?.[0].length ?? 0;
    const feed = behind === undefined ? -1 : tree.source.indexOf("\n", behind.end - 1);
    const at = behind === undefined ? shebang : feed === -1 ? tree.source.length : feed + 1;
    return { start: at, end: at };
  }

  /** The file behind a module's name, as `importer` writes it. */
  fileOf(module: string, importer: string | undefined): string | undefined {
    if (importer !== undefined && module.startsWith(".") && module.includes("/")) {
      return this.#asFile(posix.join(posix.dirname(importer), module));
    }
    const path = module.replaceAll(".", "/");
    const ends = [`${path}.py`, `${path}/__init__.py`];
    return [...this.#sources.texts.keys()].find((file) => ends.some((end) => file === end || file.endsWith(`/${end}`)));
  }

  /** For a module that is not there what the file may have written for it, and what it may have meant. */
  modulesLike(file: string, module: string): { written: string; other: string }[] {
    const language = languageOf(file);
    if (language === undefined) return [];
    if (language.indented) {
      const known = [...libraryOf(language).modules, ...this.#pythonModules()];
      return nearest(module, known).map((other) => ({ written: module, other }));
    }
    const relative = (to: string) => {
      const path = posix.relative(posix.dirname(file), to);
      return path.startsWith(".") ? path : `./${path}`;
    };
    // Node names the whole path that it looked for.
    const asked = this.#files.includes(module) ? module : module.replace(/^.*?\/(?=(src|lib|test|app)\/)/, "");
    const others = this.#files.filter((other) => languageOf(other) !== undefined && other !== file);
    const sameStem = others.filter((other) => stem(other) === stem(asked));
    const near = nearest(stem(asked), others.map(stem));
    const meant = [...sameStem, ...near.flatMap((name) => others.filter((other) => stem(other) === name))];
    const tree = this.tree(file);
    const written = tree === undefined ? [] : importedPaths(tree).filter((path) => stem(path) === stem(asked));
    return [...new Set(meant)].flatMap((other) => written.map((text) => ({ written: text, other: relative(other) })));
  }

  #pythonModules(): string[] {
    return [...this.#sources.texts.keys()]
      .filter((file) => file.endsWith(".py"))
      .flatMap((file) => this.#moduleNames(file));
  }

  #asFile(path: string): string | undefined {
    const endings = ["", ".ts", ".mts", ".js", ".mjs", ".cjs", ".tsx", ".jsx", "/index.ts", "/index.js"];
    return endings.map((ending) => path + ending).find((candidate) => this.#sources.texts.has(candidate));
  }

  #importLines(file: string, name: string, from: string): string[] {
    if (languageOf(file)?.indented) return this.#moduleNames(from).map((module) => this.#line(file, name, module));
    const path = posix.relative(posix.dirname(file), from);
    return [this.#line(file, name, path.startsWith(".") ? path : `./${path}`)];
  }

  /** `src/shop/price.py` is `shop.price` where `src` is no package, or may be `src.shop.price`; from the innermost root on. */
  #moduleNames(file: string): string[] {
    const steps = file.replace(/(\/__init__)?\.py$/, "").split("/");
    const isPackage = (folder: string) => this.#files.includes(`${folder}/__init__.py`);
    const starts = steps.map((_, at) => at).filter((at) => at === 0 || !isPackage(steps.slice(0, at).join("/")));
    return starts.toReversed().map((at) => steps.slice(at).join("."));
  }

  #line(file: string, name: string, module: string): string {
    if (languageOf(file)?.indented) return `from ${module} import ${name}`;
    const quoted = JSON.stringify(module);
    return this.#isCommonJs(file) ? `const { ${name} } = require(${quoted});` : `import { ${name} } from ${quoted};`;
  }

  #isCommonJs(file: string): boolean {
    const source = this.#sources.texts.get(file) ?? "";
    return file.endsWith(".cjs") || (/\brequire\(/.test(source) && !/^\s*(import|export)\b/m.test(source));
  }
}

function libraryOf(language: LanguageTable | undefined): LibraryNames {
  return language?.indented ? pythonLibrary : javascriptLibrary;
}

function stem(path: string): string {
  return posix.basename(path).replace(/\.[cm]?[jt]sx?$/, "");
}

function importedPaths(tree: SyntaxTree): string[] {
  const paths: string[] = [];
  for (const node of walk(tree.root)) {
    if (node.shape === "string") paths.push(textOf(tree, node).slice(1, -1));
  }
  return paths.filter((path) => path.startsWith("."));
}

/** A default export has the name that its importer gives it. */
function isExport(node: SyntaxNode): boolean {
  return node.kind === "export_statement" && !node.children.some(({ kind }) => kind === "default");
}

/** `exports.a = …`, and `module.exports = { a, b: … }` where it is written so plainly. */
function commonJsExports(source: string): string[] {
  const single = [...source.matchAll(/^(?:module\.)?exports\.([\w$]+)\s*=/gm)].map((match) => match[1] ?? "");
  const whole = /^module\.exports\s*=\s*\{([^{}]*)\}/m.exec(source)?.[1] ?? "";
  const listed = whole.split(",").flatMap((one) => /^\s*([\w$]+)\s*(?::.*)?$/s.exec(one)?.[1] ?? []);
  return [...single, ...listed];
}

/** The names that a top-level statement gives to its module. */
function definedBy(node: SyntaxNode): SyntaxNode[] {
  if (node.shape === "function" || node.shape === "class") {
    const name = node.children.find((child) => child.shape === "identifier" || child.kind === "type_identifier");
    return name ? [name] : [];
  }
  if (node.shape === "assign" || node.shape === "declarator") {
    const [target] = parts(node);
    return target?.shape === "identifier" ? [target] : [];
  }
  const wraps = node.shape === "statement" || node.shape === "expression-statement" || node.shape === "declaration";
  return wraps ? parts(node).flatMap(definedBy) : [];
}
