import { describe, expect, test } from "vitest";
import { type CrashPoint, crashPoints } from "#ports";
import { jsonLines, projectCopy, resultOf, runAssay } from "../support/run-assay.ts";

/** Reached many times in a run: an early, a middle and a late one. */
const ordinals: Partial<Record<CrashPoint, readonly number[]>> = {
  "journal-before-commit": [1, 2, 5, 9, 14, 20],
  "journal-after-commit": [1, 2, 5, 9, 14, 20],
  "step-executed": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  "blob-before-rename": [1, 4],
  "blob-after-rename": [1, 4],
  "artifact-written": [1, 4],
};
const exhaustive = process.env.ASSAY_TEST_DEPTH !== "representative";
const representative: readonly string[] = ["journal-after-commit:9", "artifact-written:1", "tree-partly-applied:1"];

/** No heal comes there; their own tests go through them: those of backup, prune, the daemon and runs with parts. */
const elsewhere = /^(?:backup-|prune-|request-reserved|child-)/;

const places = crashPoints
  .filter((name) => !elsewhere.test(name))
  .flatMap((name) => (ordinals[name] ?? [1]).map((ordinal) => `${name}:${ordinal}`))
  .filter((place) => exhaustive || representative.includes(place));

describe("heal --apply, killed and resumed", () => {
  test.each(places)("comes to the same verdict after a crash at %s and repeats no finished step", async (place) => {
    await using copy = await projectCopy("python-prices");
    const killed = await runAssay(copy.home, ["heal", copy.project, "--apply", "--json"], {
      env: { ASSAY_CRASH_AT: place },
    });
    if (killed.signal === null && !place.endsWith(":1")) {
      // The run ended before the point was reached that often; that it is reached at all is shown by `:1`.
      expect(resultOf(killed).outcome).toBe("accepted");
      return;
    }
    expect(killed.signal).toBe("SIGKILL");

    const begun = jsonLines(killed).some(({ type }) => type === "run-started");
    const args =
      begun || place === "journal-after-commit:1"
        ? ["resume", "last", "-C", copy.project]
        : ["heal", copy.project, "--apply"];
    const resumed = await runAssay(copy.home, [...args, "--json"]);
    const result = resultOf(resumed);
    expect(result).toMatchObject({ outcome: "accepted", exitCode: 0, applied: true });

    const shown = jsonLines(await runAssay(copy.home, ["show", "last", "-C", copy.project, "--json"]));
    const steps = shown.filter((event) => event.type === "step-finished").map(({ key }) => key);
    expect(steps).toEqual([...new Set(steps)]);
    const before = jsonLines(killed).filter((event) => event.type === "step-finished");
    if (args[0] === "resume") for (const step of before) expect(shown).toContainEqual(step);
    expect(shown.filter(({ type }) => type === "result")).toHaveLength(1);

    const receipt = result.receipt ?? "";
    const verified = await runAssay(copy.home, ["verify", receipt, "--in", copy.project, "--json"]);
    expect(resultOf(verified)).toMatchObject({ outcome: "accepted", exitCode: 0 });
    const again = await runAssay(copy.home, ["heal", copy.project, "--json"]);
    expect(resultOf(again).outcome).toBe("nothing-to-do");
  });
});
