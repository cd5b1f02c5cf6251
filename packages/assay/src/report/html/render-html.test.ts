import { describe, expect, test } from "vitest";
import type { SampleRun } from "../../../test/support/sample-runs.ts";
import { acceptedRun, notFoundRun, refusedRun, unsafeRun, viewOf } from "../../../test/support/sample-runs.ts";
import type { RunView } from "../run-view.ts";
import { renderHtml } from "./render-html.ts";

const page = (run: SampleRun, signed = false): string => renderHtml(viewOf(run, signed));
const headingsOf = (markup: string): string[] =>
  [...markup.matchAll(/<h2(?: id="[^"]*")?>([^<]*)<\/h2>/g)].map((match) => match[1] ?? "");

/** Every string in a view, however deep, replaced. */
function poison<Value>(value: Value, poisoned: (text: string) => string): Value {
  const replaced: unknown =
    typeof value === "string"
      ? poisoned(value)
      : Array.isArray(value)
        ? value.map((item) => poison(item, poisoned))
        : value instanceof Map
          ? value
          : typeof value === "object" && value !== null
            ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, poison(item, poisoned)]))
            : value;
  return replaced as Value;
}

/** The words that decide how something is shown stay; the schema lets nothing else through. */
const closed = new Set(
  "accepted rejected inconclusive not-found passed failed errored skipped timed-out not-run healed regressed still-failing changed same info warning none host bubblewrap heal".split(
    " ",
  ),
);

function hostile(view: RunView, text: string): string {
  return renderHtml(poison(view, (original) => (closed.has(original) ? original : `${original}${text}`)));
}

describe("renderHtml", () => {
  test("shows an accepted run from what was broken to how to check it", () => {
    const markup = page(acceptedRun(), true);
    expect(headingsOf(markup)).toEqual([
      "What was broken",
      "What changed",
      "Evidence: before → after",
      "Other candidates",
      "How it was found",
      "Isolation",
      "Receipt",
      "To run it again",
    ]);
    expect(markup).toContain("assay verify /home/ada/projects/ledger/.assay/runs/heal-01kbm2x9c4/bundle");
    expect(markup).toMatch(/<tr class="removed">.*<b> - 1<\/b>/);
    expect(markup).toMatch(/<tr class="healed">.*test_compound_one_year/);
  });

  test("says where the fault probably is when nothing was found, and claims no change", () => {
    const markup = page(notFoundRun());
    expect(headingsOf(markup)).toContain("Where the fault probably is");
    expect(headingsOf(markup)).not.toContain("What changed");
    expect(markup).toContain("<h1>");
    expect(markup).toContain("No fix found");
    expect(markup).toContain("ledger/interest.py:17");
  });

  test("shows the tests that a rejected change broke first", () => {
    const markup = page(refusedRun("rejected"));
    expect(markup.indexOf('<tr class="regressed">')).toBeGreaterThan(0);
    expect(markup.indexOf('<tr class="regressed">')).toBeLessThan(markup.indexOf('<tr class="healed">'));
    expect(headingsOf(markup)).toContain("What was proposed");
  });

  test("says what was spent and what was seen of the project", () => {
    const markup = page(acceptedRun());
    expect(markup).toContain("Spent of the budget: 214 candidates, 1.2 s of time.");
    expect(markup).toContain("<li>pyproject.toml names pytest</li>");
  });

  test("warns of flaky tests", () => {
    expect(page(refusedRun("inconclusive"))).toContain("1 test changed outcome between runs of the same code");
    expect(page(acceptedRun())).not.toContain("changed outcome between runs");
  });

  test("warns before anything else when there was no isolation, and only then", () => {
    const markup = page(unsafeRun(), true);
    expect(headingsOf(markup)[0]).toBe("Ran without isolation");
    expect(page(acceptedRun(), true)).not.toContain("Ran without isolation");
  });

  test("loads and runs nothing: no script, no address, a policy that forbids both", () => {
    const markup = page(acceptedRun(), true);
    expect(markup).toContain("default-src 'none'; style-src 'unsafe-inline'");
    expect(markup).not.toMatch(/<(script|img|link|iframe|object|embed|form|base|a)\b/i);
    expect(markup).not.toMatch(/\son[a-z]+\s*=|url\(|@import|https?:/i);
  });

  test("has one title, one main landmark, labelled sections and headed tables", () => {
    const markup = page(acceptedRun(), true);
    expect(markup.match(/<h1>/g)).toHaveLength(1);
    expect(markup.match(/<main>/g)).toHaveLength(1);
    const labels = [...markup.matchAll(/aria-labelledby="([^"]+)"/g)].map((match) => match[1]);
    for (const label of labels) expect(markup).toContain(`<h2 id="${label}">`);
    expect(markup.match(/<thead/g)).toHaveLength(markup.match(/<table/g)?.length ?? -1);
    expect(markup).toMatch(/<html lang="en">/);
  });

  test("closes every element it opens", () => {
    const runs = [acceptedRun(), notFoundRun(), refusedRun("rejected"), refusedRun("inconclusive"), unsafeRun()];
    for (const run of runs) expect(unbalanced(page(run, true))).toEqual([]);
  });

  test("renders a run of which only the start is known", () => {
    const { events, observations } = acceptedRun();
    for (let count = 0; count <= events.length; count++) {
      const markup = page({ events: events.slice(0, count), observations });
      expect(unbalanced(markup)).toEqual([]);
    }
    expect(page({ events: events.slice(0, 3), observations: new Map() })).toContain("Not finished");
  });

  test.each([
    ["elements", "<script>alert(1)</script><img src=x onerror=alert(1)>"],
    ["closing tags", "</style></pre></code></main><!--"],
    ["attribute ends", `" onmouseover="alert(1)' autofocus='`],
    ["character references", "&lt;script&gt;&#60;b&#62;"],
    ["backticks and code", "`<script>`"],
  ])("lets no %s through, from whichever field", (_what, text) => {
    for (const run of [acceptedRun(), refusedRun("rejected"), notFoundRun(), unsafeRun()]) {
      const markup = hostile(viewOf(run, true), text);
      expect(unbalanced(markup)).toEqual([]);
      expect(markup).not.toMatch(/<(script|img)\b/i);
      expect(elementsOf(markup)).toEqual(elementsOf(hostile(viewOf(run, true), text.replace(/[^`]/g, "x"))));
    }
  });

  test("shows no control, bidirectional or invisible character, from whichever field", () => {
    const text =
      "\u0000\u0007\u001b[31mred\u001b[0m\u001b]0;title\u0007\u009b1m\u202eevil\u2066\u200b\ufeff\u{e0041}\ud800";
    const markup = hostile(viewOf(acceptedRun(), true), text);
    expect(markup).not.toMatch(
      /[^\P{Cc}\n\t]|[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\p{Cs}]|[\u{e0000}-\u{e007f}]/u,
    );
  });

  test("reveals in a diff what cannot be seen", () => {
    const { events, observations } = acceptedRun();
    const trojan = events.map((event) =>
      event.type === "candidate-proposed"
        ? { ...event, diff: event.diff.replace("range(years)", "range(\u202eyears\u200b)\r") }
        : event,
    );
    const markup = page({ events: trojan, observations });
    expect(markup).toContain("⟦U+202E⟧");
    expect(markup).toContain("⟦U+200B⟧");
    expect(markup).toContain("⟦CR⟧");
  });

  test("stays bounded whatever is put into it", () => {
    const view = viewOf(acceptedRun(), true);
    const long = "y".repeat(300_000);
    const many = Array.from({ length: 20_000 }, (_, i) => ({ id: `t${i}`, change: "same" as const, flaky: false }));
    const diff = `--- a/f\n+++ b/f\n@@ -0,0 +1,50000 @@\n${"+line\n".repeat(50_000)}`;
    const best = view.best === undefined ? undefined : { ...view.best, diff };
    const huge: RunView = {
      ...view,
      ...(best === undefined ? {} : { best }),
      summary: long,
      tests: [...view.tests, ...many],
    };
    const markup = renderHtml(huge);
    expect(markup.length).toBeLessThan(2_000_000);
    expect(markup).toContain("more characters");
    expect(markup).toContain("48,500 more lines");
    expect(hostile(view, long).length).toBeLessThan(2_000_000);
  });
});

const empty = new Set(["meta", "br", "rect"]);

function elementsOf(markup: string): string[] {
  return [...markup.matchAll(/<(\/?[a-z][a-z0-9]*)/gi)].map((match) => match[1] ?? "");
}

/** Elements that are opened and not closed, or closed and not opened. */
function unbalanced(markup: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const name of elementsOf(markup.replace(/<!doctype html>/i, ""))) {
    if (empty.has(name)) continue;
    if (!name.startsWith("/")) open.push(name);
    else if (open.pop() !== name.slice(1)) wrong.push(name);
  }
  return [...wrong, ...open];
}
