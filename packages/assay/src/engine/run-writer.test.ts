import type { RunEvent, RunEventBody } from "@assay/sdk";
import { expect, test } from "vitest";
import { runId } from "#domain";
import { MemoryJournal } from "#store";
import { Village } from "../../test/support/engine-parts.ts";
import { RunWriter } from "./run-writer.ts";

const run = runId("heal-00000001");

function note(message: string): RunEventBody {
  return { type: "note", level: "info", message };
}

function writerOn(journal: MemoryJournal, lastSeq: number) {
  const seen: RunEvent[] = [];
  const owners = new Village().owner("a");
  return { seen, writer: new RunWriter({ journal, owners, run, lastSeq, onEvent: (event) => seen.push(event) }) };
}

test("takes an append whose acknowledgement was lost for done, and goes on behind it", async () => {
  const journal = new MemoryJournal();
  await journal.append({ run, expectedSeq: 0, events: [note("kept, not acknowledged")], idempotencyKey: "1" });
  const { writer, seen } = writerOn(journal, 0);
  await writer.append([note("again")], "1");
  await writer.append([note("next")], "2");
  expect(seen.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(await journal.read(run)).toHaveLength(2);
});

test("takes in what a person sent meanwhile and appends behind it", async () => {
  const journal = new MemoryJournal();
  const { writer, seen } = writerOn(journal, 0);
  await journal.append({
    run,
    expectedSeq: 0,
    events: [{ type: "signal-received", name: "go", value: 1 }],
    idempotencyKey: "signal:go",
  });
  await writer.append([note("ours")], "1");
  expect(seen.map(({ type }) => type)).toEqual(["signal-received", "note"]);
});

test("never writes again once another process claimed the run, not even what was queued before it knew", async () => {
  const journal = new MemoryJournal();
  const { writer } = writerOn(journal, 0);
  const claim: RunEventBody = { type: "lease-claimed", owner: "b" };
  await journal.append({ run, expectedSeq: 0, events: [claim], idempotencyKey: "claim" });
  const appends = await Promise.allSettled(["1", "2", "3"].map((key) => writer.append([note(key)], key)));
  for (const append of appends) expect(append).toMatchObject({ reason: { fault: { code: "run-locked" } } });
  expect(await journal.read(run)).toHaveLength(1);
});

test("does not take another process's result for a step for its own", async () => {
  const journal = new MemoryJournal();
  const { writer } = writerOn(journal, 0);
  const events: RunEventBody[] = [{ type: "lease-claimed", owner: "b" }];
  await journal.append({ run, expectedSeq: 0, events, idempotencyKey: "claim" });
  await journal.append({ run, expectedSeq: 1, events: [note("b's")], idempotencyKey: "step:a" });
  await expect(writer.append([note("a's")], "step:a")).rejects.toMatchObject({ fault: { code: "run-locked" } });
});
