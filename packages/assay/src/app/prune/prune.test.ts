import { existsSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digestOf } from "#ports";
import { acquireProjectLock, FileBlobs, ProcessOwners } from "#store";
import { type Scratch, scratch } from "../../../test/support/scratch.ts";
import { day, evidenceOf, longAgo, makeOld, stateWithRuns } from "../../../test/support/state-with-runs.ts";
import { openProject } from "../open-project.ts";
import { prune } from "./prune.ts";
import { referredContent } from "./referred-content.ts";

const { XDG_CONFIG_HOME } = process.env;
let space: Scratch;
beforeAll(async () => {
  space = await scratch();
  process.env.XDG_CONFIG_HOME = join(space.path, "config");
});
afterAll(async () => {
  if (XDG_CONFIG_HOME === undefined) delete process.env.XDG_CONFIG_HOME;
  else process.env.XDG_CONFIG_HOME = XDG_CONFIG_HOME;
  await space[Symbol.asyncDispose]();
});

const retention = { endedBefore: longAgo + 10 * day, keepLast: 0, receiptsToo: false, dryRun: false };
const asked = () => ({ ...retention, now: Date.now() });

let places = 0;
async function project(): Promise<string> {
  const root = join(space.path, `project-${places++}`);
  await stateWithRuns(root, [
    { name: "heal-oldoldold1" },
    { name: "heal-oldoldold2", tenant: "acme" },
    { name: "heal-waiting01", ended: false },
    { name: "heal-receipt01", withReceipt: true },
    { name: "heal-young0001", age: 20, refersTo: "heal-child00001" },
    { name: "heal-child00001" },
  ]);
  return root;
}

const staying = ["heal-waiting01", "heal-receipt01", "heal-young0001", "heal-child00001"];

test("runs that ended long ago go with their evidence and artifacts, of every tenant, and the rest is whole", async () => {
  const root = await project();
  const pruned = await prune(root, asked());
  expect(pruned.runs.toSorted()).toEqual(["heal-oldoldold1", "heal-oldoldold2"]);
  expect(pruned.artifactBytes).toBe(2 * "<p>heal-oldoldold1".length);
  expect(pruned).toMatchObject({ blobs: 4, kept: { open: 1, receipt: 1, young: 1, "referred-to": 1 } });
  expect(await evidenceOf(root, "heal-oldoldold1")).toBe(0);
  expect(await evidenceOf(root, "heal-oldoldold2", "acme")).toBe(0);
  expect(existsSync(join(root, ".assay/runs/heal-oldoldold1"))).toBe(false);
  expect(existsSync(join(root, ".assay/tenants/acme/runs/heal-oldoldold2"))).toBe(false);
  await using opened = await openProject(root, {});
  expect((await opened.list()).map(({ run }) => run).toSorted()).toEqual(staying.toSorted());
  for (const run of staying) {
    expect(await evidenceOf(root, run)).toBe(2);
    expect(existsSync(join(root, ".assay/runs", run))).toBe(true);
  }
});

test("a dry run tells the same and removes nothing", async () => {
  const root = await project();
  const told = await prune(root, { ...asked(), dryRun: true });
  for (const run of ["heal-oldoldold1", ...staying]) expect(await evidenceOf(root, run)).toBe(2);
  const done = await prune(root, asked());
  expect({ ...told, journalBytes: 0 }).toEqual({ ...done, journalBytes: 0 });
  expect(await prune(root, asked())).toMatchObject({ runs: [], blobs: 0 });
});

test("receipts go too when that is asked for", async () => {
  const root = await project();
  const { runs } = await prune(root, { ...asked(), receiptsToo: true });
  expect(runs).toContain("heal-receipt01");
});

test("what was put just now stays, also if it is an old blob that is put again", async () => {
  const root = await project();
  const home = join(root, ".assay");
  const blobs = new FileBlobs(join(home, "blobs"));
  const young = await blobs.put("a patch that a goal is about to refer to");
  const again = await blobs.put("an old one");
  await makeOld(home, again, longAgo);
  const forgotten = await blobs.put("nobody's");
  await makeOld(home, forgotten, longAgo);
  await blobs.put("an old one");
  await prune(root, asked());
  expect(await blobs.get(young)).toBeDefined();
  expect(await blobs.get(again)).toBeDefined();
  expect(await blobs.get(forgotten)).toBeUndefined();
});

test("what a lost journal has left is held to its age and keeps its receipts", async () => {
  const root = await project();
  const state = join(root, ".assay");
  for (const end of ["", "-wal", "-shm"]) await rm(join(state, `journal.sqlite${end}`), { force: true });
  await stateWithRuns(root, [{ name: "heal-newjournal", age: 30 }]);
  await prune(root, asked());
  expect((await readdir(join(state, "runs"))).toSorted()).toEqual([
    "heal-newjournal",
    "heal-receipt01",
    "heal-young0001",
  ]);
  expect(await evidenceOf(root, "heal-young0001")).toBe(2);
});

test("nothing is pruned while somebody works on the project", async () => {
  const root = await project();
  const database = join(root, ".assay/journal.sqlite");
  const owners = new ProcessOwners();
  await using _lock = await acquireProjectLock({ database, project: root, holder: "assay serve", owners });
  await expect(prune(root, asked())).rejects.toMatchObject({ fault: { code: "run-locked" } });
  expect(await evidenceOf(root, "heal-oldoldold1")).toBe(2);
});

test("folders in runs that are no run's stay", async () => {
  const root = await project();
  await writeFile(join(root, ".assay/runs/NOTES.txt"), "mine");
  await prune(root, asked());
  expect(existsSync(join(root, ".assay/runs/NOTES.txt"))).toBe(true);
});

test("a digest is found in content wherever it stands, also over the end of what is read at once", async () => {
  const store = join(space.path, "store");
  const blobs = new FileBlobs(store);
  const target = digestOf("target").slice("sha256:".length);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 65_500 - 64, max: 65_600 }),
      fc.constantFrom('"', " ", "z"),
      async (pad, end) => {
        const outer = await blobs.put(`${"x".repeat(pad)}${target}${end}`);
        expect(await referredContent([`see ${outer}.`], [store])).toContain(target);
      },
    ),
    { numRuns: 30 },
  );
  const long = await blobs.put(`${"x".repeat(65_530)}${target}ab`);
  expect(await referredContent([long], [store])).not.toContain(target);
});
