import { atom, binary, negation } from "../expression.ts";
import { parts } from "../node.ts";
import { type Draft, type Operator, replace } from "../operator.ts";
import { isStatement } from "../site.ts";

/** A value that nothing takes, returned. */
export const returnMissing: Operator = {
  shapes: ["expression-statement"],
  *drafts(node, site): Iterable<Draft> {
    const [value, ...more] = parts(node);
    if (value === undefined || more.length > 0 || !isStatement(node) || site.functionAround(node) === undefined) return;
    if (["assign", "augmented-assign", "update", "await", "yield"].includes(value.shape)) return;
    const block = node.parent?.shape === "block" ? parts(node.parent) : [];
    // The first text of a function says what it is for.
    if (value.shape === "string" && block[0] === node && block.length > 1) return;
    const text = `return ${site.text(value)}${site.language.terminator}`;
    // Calls are often made for what they do; the last statement is what is meant to come out.
    yield replace("ret_add", node, text, value.shape === "call" ? (block.at(-1) === node ? 0.8 : 0.3) : 1.6);
  },
};

/** Another variable returned, or whether it is zero, positive, empty. */
export const returnValue: Operator = {
  shapes: ["return"],
  *drafts(node, site): Iterable<Draft> {
    const value = parts(node)[0];
    if (value === undefined) return;
    const { language } = site;
    const old = site.text(value);
    for (const { name, kind } of site.variables(node)) {
      const self = atom(language, name);
      if (name !== old) yield replace("ret", value, name);
      if (kind === "number") {
        for (const sign of [language.words.equal, ">", language.words.unequal]) {
          yield replace("ret_cmp", value, binary(language, self, sign, atom(language, "0")).text);
        }
      } else yield replace("ret_cmp", value, negation(language, self).text, kind === undefined ? 0.7 : 1);
    }
  },
};
