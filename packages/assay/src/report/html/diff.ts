import { formatCount, plural } from "../format.ts";
import { type DiffFile, type DiffLine, parseDiff } from "../parse-diff.ts";
import { revealLine } from "../sanitize.ts";
import { type Html, html } from "./html.ts";

const linesMax = 1_500;
const filesMax = 50;

const signs: Record<DiffLine["kind"], string> = { added: "+", removed: "−", context: "", note: "" };
const spoken: Record<DiffLine["kind"], string> = { added: "added", removed: "removed", context: "", note: "" };

/** A unified diff as tables, one for each file. Long ones are cut and say so. */
export function renderDiff(diff: string): Html {
  const files = parseDiff(diff);
  if (files.length === 0) return html`<p class="quiet">The patch changes no lines of text.</p>`;
  let left = linesMax;
  const shown: Html[] = [];
  for (const file of files.slice(0, filesMax)) {
    if (left <= 0) break;
    shown.push(renderFile(file, left));
    left -= file.hunks.reduce((sum, { lines }) => sum + lines.length, 0);
  }
  const rest = files.length - shown.length;
  return html`${shown}${rest > 0 && html`<p class="quiet">and ${plural(rest, "more file")}: see the patch itself.</p>`}`;
}

function renderFile(file: DiffFile, linesLeft: number): Html {
  let left = linesLeft;
  const rows: Html[] = [];
  for (const { header, lines } of file.hunks) {
    if (left <= 0) break;
    if (rows.length > 0 || header !== "") {
      rows.push(
        html`<tr class="hunk"><td class="n"></td><td class="n"></td><td class="s"></td><td class="c"><code>${revealLine(header) || "⋯"}</code></td></tr>\n`,
      );
    }
    rows.push(...lines.slice(0, left).map(renderLine));
    left -= lines.length;
  }
  return html`<figure class="diff"><figcaption><code>${revealLine(file.path, 300)}</code><span class="counts"><span class="plus">+${formatCount(file.added)}</span> <span class="minus">−${formatCount(file.removed)}</span></span></figcaption>
<table><thead class="unseen"><tr><th scope="col">Line before</th><th scope="col">Line after</th><th scope="col">Change</th><th scope="col">Code</th></tr></thead><tbody>
${rows}</tbody></table>${left < 0 && html`<p class="quiet">${formatCount(-left)} more lines: see the patch itself.</p>`}</figure>
`;
}

function renderLine({ kind, oldLine, newLine, pieces }: DiffLine): Html {
  const code = pieces.map(({ text, emphasis }) =>
    emphasis ? html`<b>${revealLine(text)}</b>` : html`${revealLine(text)}`,
  );
  const sign = signs[kind] === "" ? "" : html`<span aria-label="${spoken[kind]}">${signs[kind]}</span>`;
  return html`<tr class="${kind}"><td class="n">${oldLine}</td><td class="n">${newLine}</td><td class="s">${sign}</td><td class="c"><code>${code}</code></td></tr>
`;
}
