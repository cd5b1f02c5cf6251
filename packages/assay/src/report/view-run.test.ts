import { describe, expect, test } from "vitest";
import { canonicalJson, digestOf } from "#ports";
import { MemoryBlobs } from "../../test/support/memory-blobs.ts";
import { sampleHealing, sampleTargets } from "../../test/support/sample-healing.ts";
import { acceptedRun, notFoundRun, refusedRun, unsafeRun, viewOf } from "../../test/support/sample-runs.ts";
import { loadObservations } from "./load-observations.ts";

describe("viewRun", () => {
  test("compares the baseline with the accepted candidate's last evidence", () => {
    const view = viewOf(acceptedRun());
    expect(view.best?.id).toBe("c2");
    expect(view.tests.filter(({ change }) => change === "healed").map(({ id }) => id)).toEqual(sampleTargets);
    expect(view.baseline?.counts).toMatchObject({ passed: 9, failed: 2, skipped: 1 });
    expect(view.after?.counts).toMatchObject({ passed: 11, failed: 0, skipped: 1 });
    expect(view.suspects).toEqual([]);
  });

  test("takes a test that is gone or red after the change for regressed", () => {
    const { events, observations } = refusedRun("rejected");
    const [last] = [...observations.keys()].slice(-1);
    const cut = new Map(
      [...observations].map(([digest, observation]) => {
        if (digest !== last) return [digest, observation];
        const results = observation.report.results.slice(1);
        return [digest, { ...observation, report: { ...observation.report, results } }];
      }),
    );
    expect(
      viewOf({ events, observations: cut })
        .tests.slice(0, 3)
        .map(({ change }) => change),
    ).toEqual(["regressed", "regressed", "healed"]);
    expect(viewOf({ events, observations }).tests[0]).toMatchObject({
      id: "tests/test_accounts.py::test_transfer",
      change: "regressed",
    });
  });

  test("finds the suspects where a proposal was recorded, else in the traces", () => {
    const run = notFoundRun();
    expect(viewOf(run).suspects[0]).toMatchObject({ file: "ledger/interest.py", line: 17, score: 0.91 });
    const unrecorded = run.events.filter(({ type }) => type !== "step-finished");
    expect(viewOf({ ...run, events: unrecorded }).suspects[0]).toMatchObject({ file: "ledger/interest.py", line: 17 });
  });

  test("tells isolation by the weakest execution", () => {
    const safe = acceptedRun();
    const unsafe = unsafeRun();
    const [first] = [...unsafe.observations];
    if (first === undefined) throw new Error("the sample has observations");
    expect(viewOf(safe).isolation?.kind).toBe("bubblewrap");
    expect(viewOf({ ...safe, observations: new Map([...safe.observations, first]) }).isolation?.kind).toBe("none");
  });
});

describe("loadObservations", () => {
  test("loads what is there and leaves out what is missing, malformed or changed", async () => {
    const healing = sampleHealing();
    const { events } = acceptedRun();
    const loaded = await loadObservations(events, healing.blobs);
    expect(loaded.size).toBe(4);
    expect(await loadObservations(events, new MemoryBlobs())).toEqual(new Map());
    const junk = { get: () => Promise.resolve(Buffer.from('{"report":1}')) };
    expect(await loadObservations(events, junk)).toEqual(new Map());
    const [one] = loaded;
    expect(one?.[0]).toBe(digestOf(canonicalJson(one?.[1])));
  });
});
