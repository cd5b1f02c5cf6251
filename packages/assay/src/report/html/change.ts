import { formatCount, plural } from "../format.ts";
import type { ChangeView, RunView } from "../run-view.ts";
import { sanitizeLine } from "../sanitize.ts";
import { type Html, html } from "./html.ts";
import { facts, place, prose, section } from "./parts.ts";

const rowsMax = 100;

/** Of a change under judgement: what it is taken for, what it does to tests, and how much the tests notice. */
export function renderChange({ change }: RunView): Html {
  if (change === undefined) return html``;
  return html`${renderTestChanges(change)}${renderHunks(change)}${renderStrength(change)}${renderFlagged(change)}`;
}

/** What it is taken for, in the words of a list. */
export function renderKind({ expectation }: ChangeView): Html {
  const { change, inferred, size, uncovered, named } = expectation;
  return html`<div class="card">${facts([
    ["judged as", html`<strong>${change}</strong>${inferred !== undefined && html` – ${prose(inferred)}`}`],
    [
      "size",
      `${plural(size.files, "file")}, +${size.added} −${size.removed}${size.binary > 0 ? `, ${size.binary} not text` : ""}`,
    ],
    [
      "must turn green",
      named.length === 0
        ? undefined
        : html`${named.slice(0, 5).map((id) => html`<code>${sanitizeLine(id, 300)}</code> `)}`,
    ],
    [
      "not executed",
      uncovered === undefined || uncovered.length === 0
        ? undefined
        : html`${uncovered.slice(0, 20).map(({ file, line }) => html`${place(file, line)} `)}`,
    ],
  ])}</div>
`;
}

function renderTestChanges({ expectation }: ChangeView): Html {
  const { testChanges, allowTestChanges } = expectation;
  const rows = testChanges.toSorted((a, b) => Number(a.kind === "new-test") - Number(b.kind === "new-test"));
  const touched = testChanges.filter(({ kind }) => kind !== "new-test").length;
  const aside =
    touched === 0 ? "new tests only" : `${formatCount(touched)} to look at${allowTestChanges ? ", allowed" : ""}`;
  return section(
    "tests-changed",
    "What the change does to tests",
    rows.length > 0 &&
      table(
        ["What", "Where", "Kind"],
        rows.slice(0, rowsMax).map(
          ({
            kind,
            file,
            line,
            what,
          }) => html`<tr><th scope="row">${prose(what, 300)}</th><td>${place(file, line)}</td><td><span class="badge ${kind === "new-test" ? "accepted" : "inconclusive"}">${kind}</span></td></tr>
`,
        ),
        rows.length,
      ),
    aside,
  );
}

const standings = { proven: "accepted", unproven: "rejected", excused: "none", untried: "inconclusive" } as const;

function renderHunks({ hunks }: ChangeView): Html {
  const unproven = hunks.filter(({ standing }) => standing === "unproven" || standing === "untried").length;
  return section(
    "hunks",
    "Each hunk taken back alone",
    hunks.length > 0 &&
      table(
        ["Hunk", "Without it", "Standing"],
        hunks.slice(0, rowsMax).map(
          ({
            hunk,
            standing,
            red,
          }) => html`<tr><th scope="row">${place(hunk.file, hunk.line)} <span class="quiet">${plural(hunk.lines, "line")}</span></th><td>${
            standing === "proven"
              ? html`${plural(red.length, "test")} red, <code>${sanitizeLine(red[0] ?? "", 160)}</code>`
              : standing === "unproven"
                ? "nothing turns red"
                : prose(hunk.why ?? "")
          }</td><td><span class="badge ${standings[standing]}">${standing}</span></td></tr>
`,
        ),
        hunks.length,
      ),
    unproven === 0 ? "all needed" : `${formatCount(unproven)} unproven`,
  );
}

function renderStrength({ expectation: { strength } }: ChangeView): Html {
  if (strength === undefined || strength.tried === 0) return html``;
  const { tried, killed, timedOut, survived, errored, possible, survivors } = strength;
  const width = (n: number) => ((1000 * n) / tried).toFixed(1);
  return section(
    "strength",
    "How much the tests would have noticed",
    html`<div class="card"><p>Small faults were put into the changed lines, one at a time: the tests noticed <strong>${killed + timedOut} of ${tried - errored}</strong>${possible > tried && html` (a sample of ${formatCount(possible)})`}.</p>
<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${killed + timedOut} of ${tried - errored} noticed"><rect class="track" width="1000" height="10"/><rect width="${width(killed + timedOut)}" height="10"/></svg>
<p class="quiet">${formatCount(killed)} failed a test, ${formatCount(timedOut)} ran out of time, ${formatCount(survived)} survived, ${formatCount(errored)} could not be run.</p>${
      survivors.length > 0 &&
      html`<table class="plain"><thead><tr><th scope="col">Survivor</th><th scope="col">Was</th><th scope="col">Became</th></tr></thead><tbody>
${survivors.slice(0, 30).map(
  ({ file, line, before, after }) =>
    html`<tr><th scope="row">${place(file, line)}</th><td><code>${sanitizeLine(before, 120)}</code></td><td><code>${after === "" ? "(nothing)" : sanitizeLine(after, 120)}</code></td></tr>
`,
)}</tbody></table>${survivors.length > 30 && html`<p class="quiet">and ${formatCount(survivors.length - 30)} more.</p>`}`
    }</div>`,
    `${Math.round((100 * (killed + timedOut)) / tried)} %`,
  );
}

function renderFlagged({ expectation: { guardrails } }: ChangeView): Html {
  const { findings, policy } = guardrails;
  return section(
    "guardrails",
    "Flagged in added lines",
    findings.length > 0 &&
      table(
        ["What", "Where", "Rule"],
        findings.slice(0, rowsMax).map(
          ({
            message,
            file,
            line,
            rule,
          }) => html`<tr><th scope="row">${prose(message, 300)}</th><td>${place(file, line)}</td><td><code>${sanitizeLine(rule, 80)}</code></td></tr>
`,
        ),
        findings.length,
      ),
    policy === "block" ? "blocks" : "informs",
  );
}

function table(heads: readonly string[], rows: readonly Html[], total: number): Html {
  return html`<div class="card"><table class="plain"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>
${rows}</tbody></table>${total > rows.length && html`<p class="quiet">and ${formatCount(total - rows.length)} more.</p>`}</div>`;
}
