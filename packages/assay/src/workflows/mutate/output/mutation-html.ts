import { formatCount, type Html, html, plural, renderDiff, sanitizeLine, section, style } from "#report";
import type { MutantResult, MutatedFile, Mutation } from "../mutation.ts";
import { mutantDiff } from "./mutant-diff.ts";
import { byFunction, percent, scoreOf } from "./score.ts";

const survivorsMax = 200;
const ownStyle = `
.scores { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }
.scores th, .scores td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line, #8884) }
.scores th:first-child, .scores td:first-child { text-align: left }
.scores tr.file td { font-weight: 600 }
.scores tr.inner td:first-child { padding-left: 1.8rem }
.survivor { margin: 0 0 1.5rem }
`;

/** Mutation testing's outcome as one page without scripts and without anything from elsewhere. */
export function mutationHtml(mutation: Extract<Mutation, { kind: "mutated" }>, root: string, version: string): string {
  const all = mutation.files.flatMap(({ mutants }) => mutants);
  const score = scoreOf(all);
  const survivors = mutation.files.flatMap((file) =>
    file.mutants.filter(({ status }) => status === "survived").map((mutant) => ({ file, mutant })),
  );
  const figures: [string, string][] = [
    ["faults noticed", percent(score.noticed)],
    ["killed", formatCount(score.killed)],
    ["timed out", formatCount(score["timed-out"])],
    ["survived", formatCount(score.survived)],
    ["executed by no test", formatCount(score.uncovered)],
    ["not tried for an error", formatCount(score.errored)],
  ];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>assay mutate ${sanitizeLine(root, 100)}</title>
<style>${{ markup: style + ownStyle }}</style>
</head>
<body>
<main>
<header class="hero calm">
<p class="origin"><span class="brand">assay</span> <span>mutate</span> <span class="project">${sanitizeLine(root, 200)}</span></p>
<h1><span class="sign" aria-hidden="true">${score.survived + score.uncovered === 0 ? "✓" : "◐"}</span>${percent(score.noticed)} of ${plural(score.total, "small fault")} noticed</h1>
<p class="summary">${plural(mutation.tests.length, "test")} ran on one fault at a time${score.total < mutation.possible && `; these are a sample, spread over all lines, of about ${formatCount(mutation.possible)} that could be made`}.</p>
<dl class="figures">${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p class="stamp">assay ${sanitizeLine(version, 40)}</p>
</header>
${mutation.aside.length > 0 && html`<aside class="notice" role="note"><p>${plural(mutation.aside.length, "test")} did not pass without a fault and had no say.</p></aside>`}
${section("files", "Files and functions", html`<div class="card">${scores(mutation.files)}</div>`)}
${section(
  "survivors",
  "Faults that no test noticed",
  survivors.length > 0 && html`${survivors.slice(0, survivorsMax).map(({ file, mutant }) => survivor(file, mutant))}`,
  survivors.length > survivorsMax ? `the first ${survivorsMax} of ${formatCount(survivors.length)}` : undefined,
)}
</main>
</body>
</html>
`.markup;
}

function scores(files: readonly MutatedFile[]): Html {
  const row = (name: string, mutants: readonly MutantResult[], inner: boolean): Html => {
    const { noticed, killed, survived, uncovered, "timed-out": late } = scoreOf(mutants);
    return html`<tr class="${inner ? "inner" : "file"}"><td><code>${sanitizeLine(name, 200)}</code></td><td>${percent(noticed)}</td><td>${killed + late}</td><td>${survived}</td><td>${uncovered}</td></tr>
`;
  };
  const rows = files.flatMap(({ path, mutants }) => [
    row(path, mutants, false),
    ...byFunction(mutants).map(({ name }) =>
      row(
        name,
        mutants.filter((mutant) => (mutant.function ?? "(top of the file)") === name),
        true,
      ),
    ),
  ]);
  return html`<table class="scores"><thead><tr><th>where</th><th>noticed</th><th>killed</th><th>survived</th><th>not executed</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

function survivor({ source }: MutatedFile, mutant: MutantResult): Html {
  const where = `${mutant.file}:${mutant.line}${mutant.function === undefined ? "" : ` in ${mutant.function}`}`;
  return html`<article class="card survivor"><p><code class="place">${sanitizeLine(where, 300)}</code> · ${mutant.fault} · ${plural(mutant.coveredBy.length, "test")} executed it</p>
${renderDiff(mutantDiff(source, mutant, 3))}</article>
`;
}
