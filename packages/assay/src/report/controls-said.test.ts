import type { Evidence } from "@assay/sdk";
import { expect, test } from "vitest";
import { acceptedRun, viewOf } from "../../test/support/sample-runs.ts";
import { controlsSaid } from "./controls-said.ts";
import { renderHtml } from "./html/render-html.ts";
import { renderMarkdown } from "./markdown.ts";
import type { RunView } from "./run-view.ts";

function withEvidence(change: (one: Evidence) => Evidence): RunView {
  const view = viewOf(acceptedRun());
  const candidates = view.candidates.map((one) => ({ ...one, evidence: one.evidence.map(change) }));
  const best = candidates.find(({ id }) => id === view.best?.id);
  return { ...view, candidates, ...(best === undefined ? {} : { best }) };
}

test("a report says how many controls ran and failed, and what level was needed", () => {
  const view = withEvidence((one) => ({ ...one, controls: { ran: 4, failed: 3 } }));
  for (const text of [renderHtml(view), renderMarkdown(view)]) {
    expect(text).toContain("of 8 controls 6 failed as they must");
    expect(text).toContain("its origin asks for in-process");
  }
  const asked = { ...view, goal: { ...view.goal, minLevel: "out-of-process" } } as RunView;
  expect(renderHtml(asked)).toContain("--min-level asks for out-of-process");
});

test("a report says why a run has no controls", () => {
  const view = withEvidence((one) => ({ ...one, uncontrolled: "the tests share <state>" }));
  expect(renderHtml(view)).toContain("no controls: the tests share &lt;state&gt;");
  expect(renderMarkdown(view)).toContain("no controls");
});

test("nothing is said of controls that nobody asked for", () => {
  expect(controlsSaid([])).toBeUndefined();
});
