import { describe, expect, test } from "vitest";
import { acceptedRun, notFoundRun, refusedRun, unsafeRun, viewOf } from "../../test/support/sample-runs.ts";
import { renderMarkdown } from "./markdown.ts";
import { codeSpan, escapeMarkdown } from "./markdown-text.ts";

describe("renderMarkdown", () => {
  test("shows verdict, changed tests, diff and receipt of an accepted run", () => {
    const text = renderMarkdown(viewOf(acceptedRun(), true));
    expect(text).toContain("### ✓ assay heal: Accepted");
    expect(text).toContain("| `tests/test_interest.py::test_compound_one_year` | failed | passed |");
    expect(text).toContain("```diff\n");
    expect(text).toContain("signed by `3b6a27bc");
  });

  test("says why a change was refused and where to look", () => {
    expect(renderMarkdown(viewOf(refusedRun("rejected")))).toContain(
      "- `test-regressed` tests that were green are red",
    );
    expect(renderMarkdown(viewOf(notFoundRun()))).toContain("- `ledger/interest.py:17`");
    expect(renderMarkdown(viewOf(unsafeRun()))).toContain("Ran without isolation");
  });

  test("neither formats, links nor notifies with text from elsewhere", () => {
    const escaped = escapeMarkdown("@ada <b>#12</b> [x](http://y) ![i](j) **z** www.x.y ~~s~~ a_b_c");
    expect(escaped).not.toMatch(/[[\]*_~]|<(?!!-- -->)|@ada|(?<!&)#12|:\/\/|www\./);
  });

  test("keeps code in its span and a diff in its fence", () => {
    expect(codeSpan("a `b` ``c`` | d")).toBe("```a `b` ``c`` \\| d```");
    expect(codeSpan("`x`")).toBe("`` `x` ``");
    const { events, observations } = acceptedRun();
    const fenced = events.map((event) =>
      event.type === "candidate-proposed" ? { ...event, diff: "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+````\n" } : event,
    );
    expect(renderMarkdown(viewOf({ events: fenced, observations }))).toContain("`````diff\n");
  });
});
