import { sanitizeText } from "../sanitize.ts";

/** Markup made by `html`; nothing else is put into a page as it is. */
export type Html = { readonly markup: string };

type Interpolated = Html | string | number | undefined | false | readonly Interpolated[];

/**
 * A template for markup: every string put into it is sanitized and escaped for text and for double-quoted attributes;
 * `undefined` and `false` are nothing, lists are joined.
 */
export function html(literals: TemplateStringsArray, ...values: readonly Interpolated[]): Html {
  return { markup: literals.map((literal, i) => literal + render(values[i])).join("") };
}

function render(value: Interpolated): string {
  if (value === undefined || value === false) return "";
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "–";
  if ("markup" in value) return value.markup;
  return value.map(render).join("");
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return sanitizeText(text).replace(/[&<>"']/g, (c) => entities[c] ?? "");
}
