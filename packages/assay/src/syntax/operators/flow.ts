import { parts } from "../node.ts";
import { type Draft, type Operator, replace } from "../operator.ts";

/** `break` to `continue` and back; `yield` to `yield from`. */
export const jump: Operator = {
  shapes: ["break", "continue", "yield"],
  *drafts(node, site): Iterable<Draft> {
    const token = node.children[0];
    if (token === undefined) return;
    if (node.shape === "break") yield replace("brk", token, "continue");
    else if (node.shape === "continue") yield replace("brk", token, "break");
    else if (parts(node).length === 1) {
      const from = node.children[1];
      const delegate = site.language.indented ? "yield from" : "yield*";
      if (from?.named) yield replace("yield_from", token, delegate);
      else if (from) yield { operator: "yield_from", start: token.start, end: from.end, text: "yield" };
    }
  },
};

/** A missing `await`. */
export const awaited: Operator = {
  shapes: ["call"],
  *drafts(node, site): Iterable<Draft> {
    const { awaitKeyword } = site.language;
    if (awaitKeyword === undefined || node.parent?.shape === "await") return;
    if (!/\basync\b/.test(site.tree.source)) return;
    const call = { text: `${awaitKeyword} ${site.text(node)}`, precedence: site.language.precedence.await };
    yield replace("await_add", node, site.placed(node, call));
  },
};

/** `a.b` to `a?.b` and back. */
export const optionalAccess: Operator = {
  shapes: ["member"],
  *drafts(node, site): Iterable<Draft> {
    const { optionalAccess } = site.language;
    if (optionalAccess === undefined || node.usage === "write" || node.usage === "name") return;
    const dot = node.children.find((child) => child.kind === "." || child.shape === "optional-chain");
    if (dot === undefined || parts(node)[0]?.shape === "this") return;
    yield replace("optional_chain", dot, dot.kind === "." ? optionalAccess : ".");
  },
};

/** A parameter given a default value. */
export const parameterDefault: Operator = {
  shapes: ["parameters"],
  *drafts(node, site): Iterable<Draft> {
    const last = parts(node).at(-1);
    if (last === undefined || (node.parent?.shape === "lambda" && site.language.indented)) return;
    if (
      last.children.some((child) => child.kind === "=") ||
      (last.shape !== "identifier" && last.shape !== "parameter")
    )
      return;
    for (const value of site.language.defaults) {
      const spaced = site.language.indented && last.shape === "identifier" ? `=${value}` : ` = ${value}`;
      yield { operator: "default_add", start: last.end, end: last.end, text: spaced };
    }
  },
};
