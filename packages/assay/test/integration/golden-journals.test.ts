import { execFile } from "node:child_process";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
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

test("there are recorded journals of each format", () => {
  expect(versions).toEqual(expect.arrayContaining(["v1", "v2"]));
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

test("a journal of format v1 that four processes open at once is migrated once, and all of them read it", async () => {
  await using folder = await scratch();
  const database = join(folder.path, "journal.db");
  await cp(join(journals, "v1", "journal.db"), database);
  const program = `import { SqliteJournal } from "#store";
    await using journal = await SqliteJournal.open(process.argv[1]);
    let events = 0;
    for (const { run } of await journal.runs()) events += (await journal.read(run)).length;
    console.log(events, (await journal.tail(0, 1000)).length);`;
  const processes = Array.from({ length: 4 }, () =>
    promisify(execFile)(process.execPath, ["--input-type=module-typescript", "-e", program, database], {
      cwd: join(import.meta.dirname, "..", ".."),
    }),
  );
  const told = (await Promise.all(processes)).map(({ stdout }) => stdout);
  expect(new Set(told).size).toBe(1);
  const [read, tailed] = told[0]?.trim().split(" ").map(Number) ?? [];
  expect(read).toBeGreaterThan(20);
  expect(tailed).toBe(read);
});
