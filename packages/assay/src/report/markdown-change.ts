import { formatCount, plural } from "./format.ts";
import { codeSpan, escapeMarkdown } from "./markdown-text.ts";
import type { ChangeView } from "./run-view.ts";
import { sanitizeLine } from "./sanitize.ts";

const itemsMax = 15;

/** A change under judgement, for a comment on its pull request: what a reviewer has to look at. */
export function renderChangeMarkdown({ expectation, hunks }: ChangeView): string {
  const { change, inferred, size, testChanges, strength, guardrails, uncovered = [] } = expectation;
  const unproven = hunks.filter(({ standing }) => standing === "unproven" || standing === "untried");
  const proven = hunks.filter(({ standing }) => standing === "proven").length;
  const facts = [
    `judged as a **${change}**${inferred === undefined ? "" : ` (${escapeMarkdown(inferred)})`}`,
    `${plural(size.files, "file")}, +${size.added} −${size.removed}`,
    proven + unproven.length > 0 && `${proven} of ${plural(proven + unproven.length, "hunk")} proven`,
    strength !== undefined &&
      strength.tried > 0 &&
      `the tests notice ${strength.killed + strength.timedOut} of ${strength.tried - strength.errored} small faults in the changed lines`,
  ];
  const touched = testChanges.filter(({ kind }) => kind !== "new-test");
  return [
    `- ${facts.filter((fact) => fact !== false).join("\n- ")}`,
    list(
      "What it does to tests and their configuration",
      touched,
      ({ kind, file, line, what }) => `${at(file, line)} ${escapeMarkdown(what)} (${kind})`,
    ),
    list("Hunks that no test needs", unproven, ({ hunk }) => at(hunk.file, hunk.line)),
    list("Changed lines that no test executes", uncovered, ({ file, line }) => at(file, line)),
    list(
      "Flagged in added lines",
      guardrails.findings,
      ({ file, line, message, rule }) => `${at(file, line)} ${escapeMarkdown(message)} (${codeSpan(rule)})`,
    ),
    list(
      "Faults that no test notices",
      strength?.survivors ?? [],
      ({ file, line, before, after }) =>
        `${at(file, line)} ${codeSpan(sanitizeLine(before, 80))} → ${after === "" ? "nothing" : codeSpan(sanitizeLine(after, 80))}`,
    ),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function at(file: string, line: number): string {
  return codeSpan(`${sanitizeLine(file, 200)}:${line}`);
}

function list<Item>(title: string, items: readonly Item[], show: (item: Item) => string): string {
  if (items.length === 0) return "";
  const rest = items.length - itemsMax;
  const shown = items.slice(0, itemsMax).map((item) => `- ${show(item)}`);
  return [`**${title}**`, "", ...shown, ...(rest > 0 ? [`- and ${formatCount(rest)} more`] : [])].join("\n");
}
