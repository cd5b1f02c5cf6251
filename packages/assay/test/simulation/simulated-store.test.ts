import type { RunEventBody } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { runId } from "#domain";
import { Network } from "./network.ts";
import { seeded } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { SimulatedJournal } from "./simulated-journal.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import { SimulatedStore } from "./simulated-store.ts";
import type { Weakness } from "./weakness.ts";

const run = runId("heal-simulated1");
const nobody = { committed: () => undefined, acknowledged: () => undefined, recovered: () => undefined };

function place(weakness?: Weakness) {
  const scheduler = new Scheduler();
  const store = new SimulatedStore(scheduler, seeded(1), nobody, weakness);
  const process = new SimulatedProcess("p", 0, scheduler);
  const journal = new SimulatedJournal(process, new Network(scheduler, 1, [], () => undefined), store);
  return { scheduler, store, journal };
}

/** Lets time pass until the answer is there. */
async function answered<T>(scheduler: Scheduler, promise: Promise<T>): Promise<T> {
  let done = false;
  const settled = promise.finally(() => {
    done = true;
  });
  settled.catch(() => undefined);
  while (!done && (await scheduler.step()));
  return settled;
}

const note = (message: string): RunEventBody => ({ type: "note", level: "info", message });
const first = { run, expectedSeq: 0, events: [note("a")], idempotencyKey: "1" };

describe("SimulatedStore", () => {
  test("keeps what it acknowledged when the power fails", async () => {
    const { scheduler, store, journal } = place();
    await answered(scheduler, journal.append(first));
    store.losePower();
    expect(store.eventsOf(run)).toHaveLength(1);
  });

  test.each([
    [undefined, 1],
    ["opens-unsynced", 0],
  ] as const)(
    "killed while it syncs, %s: of what it then says is there, %i survives a power loss",
    async (weakness, kept) => {
      const { scheduler, store, journal } = place(weakness);
      store.doom();
      await expect(answered(scheduler, journal.append(first))).rejects.toMatchObject({
        fault: { code: "daemon-unreachable" },
      });
      expect(await answered(scheduler, journal.append(first))).toMatchObject({ kind: "duplicate" });
      store.losePower();
      expect(store.eventsOf(run)).toHaveLength(kept);
    },
  );
});
