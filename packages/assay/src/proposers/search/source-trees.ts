import { languageOf, parseSource, parts, type SyntaxTree } from "#syntax";

/** Source files with their syntax trees, each parsed when it is first asked for. */
export class SourceTrees {
  readonly texts: ReadonlyMap<string, string>;
  readonly #pieces = new Map<string, readonly { start: number; end: number }[]>();
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

  /** The outermost statement, as offsets, that all of an edit is inside of: the rest of the file is as it was. */
  pieceAround(
    file: string,
    { start, end }: { start: number; end: number },
  ): { start: number; end: number } | undefined {
    const tree = this.tree(file);
    if (tree === undefined) return undefined;
    const pieces = this.#pieces.get(file) ?? parts(tree.root);
    this.#pieces.set(file, pieces);
    let [low, high] = [0, pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((pieces[middle]?.start ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    const piece = pieces[low];
    return piece !== undefined && piece.start < start && end < piece.end ? piece : undefined;
  }

  /** The trees of files whose text has this in it. */
  *containing(text: string): Iterable<[string, SyntaxTree]> {
    for (const [file, source] of this.texts) {
      const tree = source.includes(text) ? this.tree(file) : undefined;
      if (tree !== undefined) yield [file, tree];
    }
  }
}
