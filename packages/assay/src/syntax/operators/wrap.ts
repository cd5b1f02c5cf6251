import { atom, filled } from "../expression.ts";
import { parts, type SyntaxNode } from "../node.ts";
import { type Draft, type Operator, replace } from "../operator.ts";
import type { Site } from "../site.ts";

const wrappable = new Set(["binary", "call", "subscript"]);

/** `x` to `abs(x)`, `max(0, x)`, `int(x)`… */
export const wrap: Operator = {
  shapes: ["identifier", "binary", "call", "subscript", "member"],
  *drafts(node, site): Iterable<Draft> {
    if (node.usage !== "read") return;
    const { language } = site;
    const kind = site.kindOf(node);
    const self = site.expression(node);
    const maybeNumber = kind === undefined || kind === "number";
    if (kind === undefined || kind === "string") {
      for (const template of language.wraps.string) {
        const text = site.placed(node, filled(language, template, self));
        yield replace("wrap_call", node, text, kind === "string" ? 1 : 0.6);
      }
    }
    if (node.shape === "identifier") {
      for (const template of language.wraps.convert) {
        yield replace("wrap_call", node, site.placed(node, filled(language, template, self)), 0.8);
      }
      if (!maybeNumber) return;
      for (const template of language.wraps.number.slice(2)) {
        yield replace("wrap_num", node, site.placed(node, filled(language, template, self)));
      }
      return;
    }
    if (!wrappable.has(node.shape)) return;
    for (const template of language.wraps.number) {
      yield replace("wrap_num", node, site.placed(node, filled(language, template, self)), maybeNumber ? 1 : 0.5);
    }
    if (maybeNumber) yield* boundDrafts(node, site);
    for (const template of language.wraps.convert) {
      yield replace("wrap_call", node, site.placed(node, filled(language, template, self)));
    }
  },
};

function* boundDrafts(node: SyntaxNode, site: Site): Iterable<Draft> {
  const variables = site.variables(node).filter((one) => one.kind === undefined || one.kind === "number");
  for (const template of site.language.wraps.bound) {
    for (const by of ["0", ...variables.map((variable) => variable.name)]) {
      const whole = filled(site.language, template, site.expression(node), atom(site.language, by));
      yield replace("wrap_minmax", node, site.placed(node, whole));
    }
  }
}

/** `f(x)` to `x`, `a.f()` to `a`, `a[i]` to `a`. */
export const unwrap: Operator = {
  shapes: ["call", "new", "subscript", "await"],
  *drafts(node, site) {
    if (node.usage === "write" || node.usage === "name") return;
    const [first] = parts(node);
    if (first === undefined) return;
    if (node.shape === "subscript" || node.shape === "await") {
      yield replace("unwrap", node, site.placed(node, site.expression(first)));
      return;
    }
    const list = node.children.find((child) => child.shape === "arguments");
    for (const argument of list ? parts(list) : []) {
      if (argument.shape === "spread" || argument.shape === "keyword-argument") continue;
      yield replace("unwrap", node, site.placed(node, site.expression(argument)));
    }
    const receiver = first.shape === "member" ? parts(first)[0] : undefined;
    if (receiver) yield replace("unwrap", node, site.placed(node, site.expression(receiver)));
  },
};
