import { languageOf, parseSource, type SyntaxTree } from "#syntax";

/** Source files with their syntax trees, each parsed when it is first asked for. */
export class SourceTrees {
  readonly texts: ReadonlyMap<string, string>;
  readonly #trees = new Map<string, SyntaxTree | undefined>();

  constructor(texts: ReadonlyMap<string, string>) {
    this.texts = texts;
  }

  /** `undefined` for what is not known, of no known language, or does not parse. */
  tree(file: string): SyntaxTree | undefined {
    if (this.#trees.has(file)) return this.#trees.get(file);
    const [language, text] = [languageOf(file), this.texts.get(file)];
    const parsed = language && text !== undefined ? parseSource(language, text) : undefined;
    const tree = parsed?.kind === "parsed" ? parsed.tree : undefined;
    this.#trees.set(file, tree);
    return tree;
  }

  /** The trees of files whose text has this in it. */
  *containing(text: string): Iterable<[string, SyntaxTree]> {
    for (const [file, source] of this.texts) {
      const tree = source.includes(text) ? this.tree(file) : undefined;
      if (tree !== undefined) yield [file, tree];
    }
  }
}
