import { headlineOf } from "../headline.ts";
import type { RunView } from "../run-view.ts";
import { sanitizeLine } from "../sanitize.ts";
import { renderAmbiguity } from "./ambiguity.ts";
import { renderAsked } from "./asked.ts";
import { renderBroken, renderSuspects } from "./broken.ts";
import { renderChange } from "./change.ts";
import { renderChanged, renderOthers } from "./changed.ts";
import { renderEvidence } from "./evidence.ts";
import { renderHero, renderWarnings } from "./hero.ts";
import { html } from "./html.ts";
import { renderIsolation, renderReceipt, renderReproduce } from "./proof.ts";
import { renderSearch } from "./search.ts";
import { style } from "./style.ts";
import { renderUnexpected } from "./unexpected.ts";

/**
 * A run as one page: a single file without scripts and without anything from elsewhere, for screen, print, light and dark.
 * Its policy lets a browser load and run nothing, should anything untrusted ever get past the escaping.
 */
export function renderHtml(view: RunView): string {
  const title = `${headlineOf(view.outcome).word} – assay ${view.workflow} ${view.runId}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${sanitizeLine(title, 160)}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<main>
${renderHero(view)}${renderWarnings(view)}${renderBroken(view)}${renderSuspects(view)}${renderAmbiguity(view)}${renderChanged(view)}${renderChange(view)}${renderEvidence(view)}${renderUnexpected(view)}${renderOthers(view)}${renderAsked(view)}${renderSearch(view)}${renderIsolation(view)}${renderReceipt(view)}${renderReproduce(view)}</main>
<footer><p>Assay accepts a change only on evidence. The verdict was computed outside the changed code's process, from what was observed.</p></footer>
</body>
</html>
`.markup;
}
