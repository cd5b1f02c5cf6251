import { formatCount } from "../format.ts";
import { sanitizeLine } from "../sanitize.ts";
import { type Html, html } from "./html.ts";

/** A part of the page with a heading; nothing without content. */
export function section(id: string, title: string, content: Html | false | undefined, aside?: string): Html {
  if (content === undefined || content === false) return html``;
  return html`<section aria-labelledby="${id}"><header class="part"><h2 id="${id}">${title}</h2>${
    aside !== undefined && html`<p>${aside}</p>`
  }</header>
${content}
</section>
`;
}

/** At most `max` of some items, and how many were left out. */
export function listed<Item>(items: readonly Item[], max: number, show: (item: Item) => Html): Html {
  const rest = items.length - max;
  return html`${items.slice(0, max).map(show)}${rest > 0 && html`<li class="more">and ${formatCount(rest)} more</li>`}`;
}

export function place(file: string, line?: number): Html {
  return html`<code class="place">${sanitizeLine(file)}${line !== undefined && html`:${line}`}</code>`;
}

/** One line of prose; what stands between two backticks is code. */
export function prose(text: string, lengthMax = 600): Html {
  const parts = sanitizeLine(text, lengthMax).split(/`([^`]+)`/);
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** A test's id, with the part that tells it apart made to stand out. */
export function testId(id: string): Html {
  const clean = sanitizeLine(id, 400);
  const at = Math.max(clean.lastIndexOf("::"), clean.lastIndexOf(" > ")) + 1;
  if (at === 0) return html`<code class="test">${clean}</code>`;
  const cut = at + (clean[at] === ":" ? 1 : 2);
  return html`<code class="test"><span>${clean.slice(0, cut)}</span>${clean.slice(cut)}</code>`;
}

/** The command that a person can copy. */
export function command(line: string): Html {
  return html`<pre class="command"><code>${sanitizeLine(line, 2_000)}</code></pre>`;
}

/** A path or other word as one shell word. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Name and value pairs; pairs without a value are left out. */
export function facts(pairs: readonly (readonly [string, Html | string | undefined])[]): Html {
  const known = pairs.filter(([, value]) => value !== undefined && value !== "");
  return html`<dl class="facts">${known.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
