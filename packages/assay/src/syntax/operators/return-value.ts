import { atom, binary, negation } from "../expression.ts";
import { parts } from "../node.ts";
import { type Draft, type Operator, replace } from "../operator.ts";

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
