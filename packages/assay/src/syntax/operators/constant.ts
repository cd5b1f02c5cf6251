import { type Draft, type Operator, replace } from "../operator.ts";

const digits = /^\d[\d_]*$/;
const decimal = /^\d*\.\d+$|^\d+\.\d*$/;
const plainString = /^(["'])((?:(?!\1)[^\\\n])*)\1$/;

/** What a number is off by when a zero is missing, or something was doubled. */
const scales = [2, 0.5, 10, 0.1];

/**
 * A literal to its neighbours, to 0, 1, 2, 10, to its negative, to what the failing tests speak of; a truth value to the other; a
 * string's usual slips.
 */
export const constant: Operator = {
  shapes: ["number", "true", "false", "string"],
  *drafts(node, site): Iterable<Draft> {
    if (node.usage !== "read") return;
    const text = site.text(node);
    if (node.shape === "true") yield replace("const", node, site.language.words.false);
    else if (node.shape === "false") yield replace("const", node, site.language.words.true);
    else if (digits.test(text) && text.length < 16) {
      const value = Number(text.replaceAll("_", ""));
      const near = new Set([value + 1, value - 1, 0, 1, 2, 10]);
      for (const other of near) if (other !== value) yield replace("const", node, site.placed(node, signed(other)));
      if (value !== 0) yield replace("const", node, site.placed(node, signed(-value)));
      for (const scale of scales) {
        const other = Math.round(value * scale * 1e6) / 1e6;
        if (value > 1 && Number.isInteger(other) && !near.has(other)) {
          yield replace("const_scale", node, site.placed(node, signed(other)));
        }
      }
      for (const other of site.facts.literals.numbers) if (other !== text) yield replace("const_test", node, other);
    } else if (decimal.test(text)) {
      const value = Number(text);
      for (const other of new Set([value + 1, value - 1, 0, 1, -value, value * 2, value / 2])) {
        if (other !== value) yield replace("const", node, site.placed(node, signed(other, true)));
      }
    } else if (node.shape === "string" && node.parent?.shape !== "expression-statement") {
      const [, quote, content] = plainString.exec(text) ?? [];
      if (quote === undefined || content === undefined) return;
      const others = [
        "",
        " ",
        content.toLowerCase(),
        content.toUpperCase(),
        content.trim(),
        `${content} `,
        ` ${content}`,
      ];
      for (const other of new Set(others)) {
        if (other !== content) yield replace("const_str", node, `${quote}${other}${quote}`);
      }
      for (const other of site.facts.literals.strings) {
        if (!others.includes(other)) yield replace("const_test", node, `${quote}${other}${quote}`);
      }
    }
    function signed(value: number, float = false): { text: string; precedence: number } {
      const written = float && Number.isInteger(value) ? value.toFixed(1) : String(value);
      const { unary, primary } = site.language.precedence;
      return { text: written, precedence: value < 0 ? unary : primary };
    }
  },
};

/** A literal to a variable in scope. */
export const constantToVariable: Operator = {
  shapes: ["number", "true", "false", "string", "null"],
  *drafts(node, site) {
    if (node.usage !== "read" || node.parent?.shape === "expression-statement") return;
    const kind = site.kindOf(node);
    for (const variable of site.variables(node)) {
      const fits = kind === undefined || variable.kind === undefined || kind === "null" || variable.kind === kind;
      yield replace("const2var", node, variable.name, fits ? 1 : 0.4);
    }
  },
};
