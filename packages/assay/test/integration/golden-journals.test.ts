import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { resultSchema } from "@assay/sdk";
import { expect, test } from "vitest";
import { z } from "zod";
import { runId } from "#domain";
import { Engine } from "#engine";
import { MemoryBlobs, ProcessOwners, SqliteJournal } from "#store";
import { goldenWorkflow } from "../support/golden-workflow.ts";
import { scratch } from "../support/scratch.ts";

const journals = join(import.meta.dirname, "..", "fixtures", "journals");
const versions = (await readdir(journals)).filter((name) => /^v\d+$/.test(name));
const expectedSchema = z.object({
  waiting: z.string().transform(runId),
  finished: z.string().transform(runId),
  result: resultSchema,
});

test("there is a recorded journal", () => {
  expect(versions).toContain("v1");
});

test.each(versions)(
  "a journal recorded in format %s is read, replayed and finished by this version",
  async (version) => {
    await using folder = await scratch();
    const database = join(folder.path, "journal.db");
    await cp(join(journals, version, "journal.db"), database);
    const expected = expectedSchema.parse(JSON.parse(await readFile(join(journals, version, "expected.json"), "utf8")));
    const blobs = new MemoryBlobs();
    await blobs.put(JSON.stringify("b".repeat(8_400_000)));
    await using journal = await SqliteJournal.open(database);
    const executed: string[] = [];
    const engine = new Engine({
      journal,
      blobs,
      owners: new ProcessOwners(),
      assayVersion: "test",
      workflows: [goldenWorkflow((key) => executed.push(key))],
    });

    expect((await engine.resume(expected.finished)).result).toEqual(expected.result);
    expect(executed).toEqual([]);

    const before = (await engine.read(expected.waiting)).events;
    expect((await engine.resume(expected.waiting)).result.fault?.code).toBe("waiting-for-signal");
    expect(executed).toEqual([]);
    await engine.signal(expected.waiting, "approve", { by: "a person" });
    expect((await engine.resume(expected.waiting)).result).toEqual(expected.result);
    expect(executed).toEqual(["last"]);
    const { events } = await engine.read(expected.waiting);
    expect(events.slice(0, before.length)).toEqual(before);
    expect(events.slice(before.length).map(({ type }) => type)).toEqual([
      "lease-claimed",
      "run-paused",
      "signal-received",
      "lease-claimed",
      "step-finished",
      "result",
    ]);
  },
);
