import { binary } from "../expression.ts";
import { binaryParts, parts } from "../node.ts";
import { type Operator, replace } from "../operator.ts";
import { groupTokens } from "./group-tokens.ts";

/** `+` to `-`, operands swapped, one left out, `(a + b) * c` to `a + b * c` and back. */
export const arithmetic: Operator = {
  shapes: ["binary"],
  *drafts(node, site) {
    const { language } = site;
    const [leftNode, rightNode] = parts(node);
    const token = binaryParts(node).operators[0];
    const sign = token ? site.text(token) : "";
    const group = language.binary[sign]?.group;
    if (!token || !leftNode || !rightNode || (group !== "arithmetic" && group !== "bitwise")) return;
    const [left, right] = [site.expression(leftNode), site.expression(rightNode)];
    for (const other of groupTokens(language, sign)) {
      yield replace("arith", node, site.placed(node, binary(language, left, other, right)));
    }
    if (sign !== "*") yield replace("swap_operand", node, site.placed(node, binary(language, right, sign, left)));
    yield replace("drop_operand", node, site.placed(node, left));
    yield replace("drop_operand", node, site.placed(node, right));
    const inner = leftNode.shape === "parenthesized" ? parts(leftNode)[0] : leftNode;
    if (inner?.shape === "binary") {
      const [a, b] = parts(inner);
      const innerToken = binaryParts(inner).operators[0];
      if (a && b && innerToken && isArithmetic(site.text(innerToken))) {
        const tail = binary(language, site.expression(b), sign, right);
        const whole = binary(language, site.expression(a), site.text(innerToken), tail);
        yield replace("reassoc", node, site.placed(node, whole));
      }
    }
    const innerRight = rightNode.shape === "parenthesized" ? parts(rightNode)[0] : rightNode;
    if (innerRight?.shape === "binary") {
      const [a, b] = parts(innerRight);
      const innerToken = binaryParts(innerRight).operators[0];
      if (a && b && innerToken && isArithmetic(site.text(innerToken))) {
        const head = binary(language, left, sign, site.expression(a));
        const whole = binary(language, head, site.text(innerToken), site.expression(b));
        yield replace("reassoc", node, site.placed(node, whole));
      }
    }
    function isArithmetic(text: string): boolean {
      const inside = language.binary[text]?.group;
      return inside === "arithmetic" || inside === "bitwise";
    }
  },
};

/** `+=` to `-=`, `++` to `--`. */
export const augmented: Operator = {
  shapes: ["augmented-assign", "update"],
  *drafts(node, site) {
    const token = node.children.find((child) => !child.named);
    if (token === undefined) return;
    const sign = site.text(token);
    if (node.shape === "update") {
      yield replace("arith", token, sign === "++" ? "--" : "++");
      return;
    }
    const plain = Object.keys(site.language.augmented).find((key) => site.language.augmented[key] === sign);
    if (plain === undefined) return;
    for (const other of groupTokens(site.language, plain)) {
      const text = site.language.augmented[other];
      if (text !== undefined) yield replace("arith", token, text);
    }
  },
};
