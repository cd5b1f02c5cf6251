import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, resultOf, runAssay } from "../support/run-assay.ts";
import { scratch } from "../support/scratch.ts";
import { evidenceOf, stateWithRuns } from "../support/state-with-runs.ts";

/** A project made by the same user whose program is then killed. */
async function place(home: string): Promise<string> {
  const before = process.env.XDG_CONFIG_HOME;
  process.env.XDG_CONFIG_HOME = join(home, "config");
  try {
    const project = join(home, "project");
    await stateWithRuns(project, [
      { name: "heal-oldoldold1" },
      { name: "heal-oldoldold2" },
      { name: "heal-waiting01", ended: false },
    ]);
    return project;
  } finally {
    if (before === undefined) delete process.env.XDG_CONFIG_HOME;
    else process.env.XDG_CONFIG_HOME = before;
  }
}

test.each(["backup-journal-copied", "backup-before-rename"])(
  "a backup that is killed at %s is not there, and the next one is whole",
  async (point) => {
    await using folder = await scratch();
    const project = await place(folder.path);
    const to = join(folder.path, "backups", "one");
    await mkdir(join(folder.path, "backups"));
    const killed = await runAssay(folder.path, ["backup", project, "--to", to], { env: { ASSAY_CRASH_AT: point } });
    expect(killed.signal).toBe("SIGKILL");
    expect(existsSync(to)).toBe(false);
    const again = await runAssay(folder.path, ["backup", project, "--to", to, "--json"]);
    expect(resultOf(again)).toMatchObject({ outcome: "done", exitCode: 0 });
    expect(await readdir(join(folder.path, "backups"))).toEqual(["one"]);
    const target = join(folder.path, "restored");
    await mkdir(target);
    expect(resultOf(await runAssay(folder.path, ["restore", to, "--to", target, "--json"])).exitCode).toBe(0);
    expect(await evidenceOf(target, "heal-waiting01")).toBe(2);
    const listed = jsonLines(await runAssay(folder.path, ["runs", target, "--json"]));
    expect(listed).toHaveLength(4);
  },
);

test.each(["prune-run-removed:1", "prune-run-removed:2", "prune-blob-removed:1", "prune-blob-removed:3"])(
  "a prune that is killed at %s takes nothing that the journal refers to, and the next one finishes",
  async (point) => {
    await using folder = await scratch();
    const project = await place(folder.path);
    const args = ["prune", project, "--older-than", "1d", "--keep-last", "0", "--json"];
    const killed = await runAssay(folder.path, args, { env: { ASSAY_CRASH_AT: point } });
    expect(killed.signal).toBe("SIGKILL");
    const listed = jsonLines(await runAssay(folder.path, ["runs", project, "--json"]));
    const left = listed.flatMap((line) => ("run" in line ? [String(line.run)] : []));
    expect(left).toContain("heal-waiting01");
    for (const run of left) expect(await evidenceOf(project, run)).toBe(2);
    expect(resultOf(await runAssay(folder.path, args)).exitCode).toBe(0);
    expect(await evidenceOf(project, "heal-oldoldold1")).toBe(0);
    expect(await evidenceOf(project, "heal-oldoldold2")).toBe(0);
    expect(await evidenceOf(project, "heal-waiting01")).toBe(2);
    expect(await readdir(join(project, ".assay", "runs"))).toEqual(["heal-waiting01"]);
    expect(resultOf(await runAssay(folder.path, args)).outcome).toBe("nothing-to-do");
  },
);
