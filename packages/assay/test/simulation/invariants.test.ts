import type { RunEvent, RunEventBody } from "@assay/sdk";
import { expect, test } from "vitest";
import { runId } from "#domain";
import { Invariants } from "./invariants.ts";
import { link } from "./simulated-store.ts";
import { goal } from "./workload.ts";

const whole = runId("heal-wholewhole1");
const part = runId("part-partpart1");

function invariants() {
  const watching = new Invariants(new Map(), () => []);
  const seqs = new Map<string, number>();
  const chains = new Map<string, string>();
  const commit = (run: typeof whole, ...bodies: RunEventBody[]) => {
    const first = (seqs.get(run) ?? 0) + 1;
    const events = bodies.map((body, index): RunEvent => ({ ...body, seq: first + index, runId: run, at: 1 }));
    seqs.set(run, first + events.length - 1);
    const chain = events.reduce(link, chains.get(run) ?? "");
    chains.set(run, chain);
    watching.committed({ run, key: `${first}`, by: "p1", events, chain });
  };
  const begin = (run: typeof whole, tokensMax: number, parent?: { run: string; key: string }) =>
    commit(
      run,
      {
        type: "run-started",
        workflow: "heal",
        workflowVersion: 1,
        assayVersion: "0.0.0",
        goal,
        budget: { tokensMax },
        ...(parent && { parent }),
      },
      { type: "lease-claimed", owner: "p1" },
    );
  return { watching, commit, begin };
}

const started = (tokensMax: number): RunEventBody => ({
  type: "child-started",
  key: "left",
  child: part,
  budget: { tokensMax },
});

test("a part that may use more than is set aside for it is found", () => {
  const { watching, commit, begin } = invariants();
  begin(whole, 400);
  commit(whole, started(100));
  begin(part, 100, { run: whole, key: "left" });
  expect(watching.violation).toBeUndefined();
  commit(part, { type: "lease-claimed", owner: "p1", budget: { tokensMax: 200 } });
  expect(watching.violation?.rule).toBe("a budget is not passed");
});

test("a whole that sets aside more for its parts than it has is found", () => {
  const { watching, commit, begin } = invariants();
  begin(whole, 400);
  commit(whole, started(400));
  expect(watching.violation).toBeUndefined();
  commit(whole, { ...started(10), key: "right" } as RunEventBody);
  expect(watching.violation?.rule).toBe("a budget is not passed");
});
