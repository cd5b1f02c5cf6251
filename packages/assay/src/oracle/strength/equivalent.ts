import { binaryParts, parts, type Replacement, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";

/**
 * Tells faults that are none, because the code means the same with them: no test can notice those. Only what is obvious from the form;
 * whether two programs mean the same cannot be told in general.
 */
export class Equivalence {
  readonly #tree: SyntaxTree;
  readonly #byStart = new Map<number, SyntaxNode[]>();

  constructor(tree: SyntaxTree) {
    this.#tree = tree;
    for (const node of walk(tree.root)) {
      for (const one of [node, ...node.children]) {
        const known = this.#byStart.get(one.start) ?? [];
        if (!known.includes(one)) known.push(one);
        this.#byStart.set(one.start, known);
      }
    }
  }

  meansTheSame(edit: Replacement): boolean {
    const node = this.#nodeOf(edit);
    if (node === undefined) return false;
    if (this.#isUnreachable(node)) return true;
    switch (edit.operator) {
      case "cmp":
      case "cmp_adj":
        return this.#isSameComparison(node, edit.replacement);
      case "bool":
      case "bool_drop":
        return this.#hasEqualOperands(node);
      case "del_stmt":
        return this.#doesNothing(node);
      default:
        return false;
    }
  }

  /** The syntax that the edit is of: a whole node, a token, or a statement with the white space around it. */
  #nodeOf({ start, end, operator }: Replacement): SyntaxNode | undefined {
    const exact = this.#byStart.get(start)?.find((node) => node.end === end);
    if (exact !== undefined || operator !== "del_stmt") return exact;
    const text = this.#tree.source.slice(start, end);
    const first = start + (text.length - text.trimStart().length);
    return this.#byStart.get(first)?.find((node) => node.parent?.shape === "block");
  }

  /** Behind what leaves the block for certain. A `yield` makes the function a generator even there. */
  #isUnreachable(node: SyntaxNode): boolean {
    for (let at: SyntaxNode | undefined = node; at !== undefined; at = at.parent) {
      if (at.parent?.shape !== "block") continue;
      const siblings = parts(at.parent);
      const leaves = siblings.findIndex(({ shape }) => ["return", "throw", "break", "continue"].includes(shape));
      const declares = /function|class/.test(at.shape) || /\byield\b/.test(this.#text(at));
      if (leaves !== -1 && leaves < siblings.indexOf(at) && !declares) return true;
    }
    return false;
  }

  /** A length is never below 0: `len(x) > 0` is `len(x) != 0`, `len(x) == 0` is `len(x) <= 0`. In JavaScript it may not be there at all. */
  #isSameComparison(token: SyntaxNode, other: string): boolean {
    const { operands } = token.parent ? binaryParts(token.parent) : { operands: [] };
    const [left, right] = operands;
    if (left === undefined || right === undefined || operands.length !== 2) return false;
    const sign = this.#text(token);
    const { equal, unequal } = this.#tree.language.words;
    const alike = (signs: readonly string[]) => signs.includes(sign) && signs.includes(other.trim());
    if (this.#isLength(left) && this.#text(right) === "0") return alike([">", unequal]) || alike(["<=", equal]);
    if (this.#isLength(right) && this.#text(left) === "0") return alike(["<", unequal]) || alike([">=", equal]);
    return false;
  }

  #isLength(node: SyntaxNode): boolean {
    return this.#tree.language.name === "python" && /^len\([\w.]+\)$/.test(this.#text(node));
  }

  #hasEqualOperands(node: SyntaxNode): boolean {
    const texts = binaryParts(node).operands.map((operand) => this.#text(operand));
    return texts.length === 2 && texts[0] === texts[1] && /^[\w.]+$/.test(texts[0] ?? "");
  }

  /** A statement without effect, or a jump to where the code goes anyway. */
  #doesNothing(node: SyntaxNode): boolean {
    const text = this.#text(node).replace(/;$/, "");
    // A name alone may be asked for to see whether it is there.
    if (node.shape === "pass" || /^(\.\.\.|pass|\d+)$/.test(text)) return true;
    const block = node.parent;
    const isLast = block?.shape === "block" && parts(block).at(-1) === node;
    if (!isLast) return false;
    const owner = block.parent;
    if (/^return( None| undefined)?$/.test(text)) return owner?.shape === "function" || owner?.shape === "lambda";
    return text === "continue" && ["for", "for-each", "while"].includes(owner?.shape ?? "");
  }

  #text(node: SyntaxNode): string {
    return textOf(this.#tree, node);
  }
}
