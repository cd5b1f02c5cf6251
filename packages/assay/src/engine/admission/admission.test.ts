import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RunId, runId } from "#domain";
import { Admission } from "./admission.ts";

const id = (n: number): RunId => runId(`heal-${String(n).padStart(8, "0")}`);

function drain(admission: Admission): string[] {
  const order: string[] = [];
  for (let next = admission.next(); next !== undefined; next = admission.next()) {
    order.push(next.tenant);
    admission.release(next.run);
  }
  return order;
}

describe("admission", () => {
  test("lets as many begin as may, queues as many as fit, and refuses the rest", () => {
    const admission = new Admission({ runsMax: 2, queuedMax: 1 });
    expect([1, 2, 3, 4].map((n) => admission.admit(id(n), "a").kind)).toEqual([
      "queued",
      "queued",
      "queued",
      "refused",
    ]);
    expect([admission.next()?.run, admission.next()?.run, admission.next()]).toEqual([id(1), id(2), undefined]);
    expect(admission.admit(id(5), "a")).toEqual({ kind: "refused" });
    expect(admission.release(id(1))).toBe(true);
    expect(admission.next()?.run).toBe(id(3));
    expect(admission.admit(id(5), "a")).toEqual({ kind: "queued", position: 0 });
  });

  test("knows a run that is queued or under way, and lets it come again afterwards", () => {
    const admission = new Admission({ runsMax: 1, queuedMax: 9 });
    admission.admit(id(1), "a");
    expect(admission.admit(id(1), "a")).toEqual({ kind: "known" });
    admission.next();
    expect(admission.admit(id(1), "a")).toEqual({ kind: "known" });
    admission.release(id(1));
    expect(admission.admit(id(1), "a").kind).toBe("queued");
  });

  test("takes a run back in after a restart though the queue is full", () => {
    const admission = new Admission({ runsMax: 1, queuedMax: 0 });
    for (const n of [1, 2, 3]) expect(admission.readmit(id(n), "a").kind).toBe("queued");
    expect(admission.admit(id(4), "a").kind).toBe("refused");
    expect(drain(admission)).toHaveLength(3);
  });

  test("lets others begin while a run is set aside, and gives it the next place of its tenant when it comes back", () => {
    const admission = new Admission({ runsMax: 2, queuedMax: 9 });
    for (const n of [1, 2, 3, 4]) admission.admit(id(n), "a");
    expect([admission.next()?.run, admission.next()?.run]).toEqual([id(1), id(2)]);
    expect([admission.setAside(id(1)), admission.setAside(id(2)), admission.setAside(id(2))]).toEqual([
      true,
      true,
      false,
    ]);
    expect(admission.depth()).toEqual({ queued: 2, running: 0 });
    expect(admission.admit(id(1), "a")).toEqual({ kind: "known" });
    expect(admission.next()?.run).toBe(id(3));
    expect([admission.comeBack(id(2)), admission.comeBack(id(1)), admission.comeBack(id(1))]).toEqual([
      true,
      true,
      false,
    ]);
    admission.admit(id(5), "b");
    // The other tenant has none under way; then those that come back, in their order; then what has not begun.
    const order: (RunId | undefined)[] = [];
    for (const _ of [1, 2, 3, 4]) {
      const run = admission.next()?.run;
      order.push(run);
      if (run !== undefined) admission.release(run);
    }
    expect(order).toEqual([id(5), id(2), id(1), id(4)]);
  });

  test("forgets a run that ends while it is set aside, or gives up coming back", () => {
    const admission = new Admission({ runsMax: 1, queuedMax: 9 });
    for (const n of [1, 2]) admission.admit(id(n), "a");
    admission.next();
    admission.setAside(id(1));
    expect(admission.release(id(1))).toBe(true);
    expect(admission.comeBack(id(1))).toBe(false);
    expect(admission.next()?.run).toBe(id(2));
    admission.setAside(id(2));
    admission.comeBack(id(2));
    expect(admission.setAside(id(2))).toBe(true);
    expect(admission.next()).toBeUndefined();
  });

  test("a withdrawn run has no turn", () => {
    const admission = new Admission({ runsMax: 1, queuedMax: 9 });
    for (const n of [1, 2]) admission.admit(id(n), "a");
    expect([admission.withdraw(id(1)), admission.withdraw(id(1))]).toEqual([true, false]);
    expect(admission.next()?.run).toBe(id(2));
    expect(admission.depth()).toEqual({ queued: 0, running: 1 });
  });

  test("lets tenants take turns though one of them came first with many", () => {
    const admission = new Admission({ runsMax: 1, queuedMax: 99 });
    for (let n = 0; n < 5; n++) admission.admit(id(n), "many");
    admission.admit(id(10), "one");
    admission.admit(id(11), "two");
    expect(drain(admission)).toEqual(["many", "one", "two", "many", "many", "many", "many"]);
  });

  test.each([
    { runsMax: 0, queuedMax: 1 },
    { runsMax: 1.5, queuedMax: 1 },
    { runsMax: 1, queuedMax: -1 },
  ])("refuses limits that make no sense: %o", (limits) => {
    expect(() => new Admission(limits)).toThrow(RangeError);
  });
});

type Deed = { kind: "admit"; tenant: string } | { kind: "next" } | { kind: "release" };
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant("admit" as const), tenant: fc.constantFrom("a", "b", "c") }),
  fc.constant<Deed>({ kind: "next" }),
  fc.constant<Deed>({ kind: "release" }),
);

test("whatever happens: limits hold, nothing admitted is lost, nothing begins twice, and no free place stays empty", () => {
  fc.assert(
    fc.property(
      fc.array(deed, { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(5),
      (deeds, runsMax, queuedMax) => {
        const admission = new Admission({ runsMax, queuedMax });
        const waiting = new Map<RunId, string>();
        const running = new Map<RunId, string>();
        let count = 0;
        for (const each of deeds) {
          if (each.kind === "admit") {
            const run = id(++count);
            if (admission.admit(run, each.tenant).kind === "queued") waiting.set(run, each.tenant);
          } else if (each.kind === "next") {
            const next = admission.next();
            expect(next === undefined).toBe(running.size >= runsMax || waiting.size === 0);
            if (next === undefined) continue;
            expect(waiting.get(next.run)).toBe(next.tenant);
            // Nobody with fewer under way was waiting.
            const load = (tenant: string) => [...running.values()].filter((other) => other === tenant).length;
            for (const tenant of waiting.values()) expect(load(next.tenant)).toBeLessThanOrEqual(load(tenant));
            waiting.delete(next.run);
            running.set(next.run, next.tenant);
          } else {
            const [run] = running.keys();
            if (run === undefined) continue;
            expect(admission.release(run)).toBe(true);
            running.delete(run);
          }
          expect(admission.depth()).toEqual({ queued: waiting.size, running: running.size });
          expect(running.size).toBeLessThanOrEqual(runsMax);
          expect(waiting.size).toBeLessThanOrEqual(queuedMax + runsMax - running.size);
        }
      },
    ),
  );
});
