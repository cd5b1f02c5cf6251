import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Scratch, scratch } from "../../../test/support/scratch.ts";
import { evidenceOf, stateWithRuns } from "../../../test/support/state-with-runs.ts";
import { openProject } from "../open-project.ts";
import { backUp } from "./back-up.ts";
import { formatSums, parseSums } from "./checksums.ts";
import { restore } from "./restore.ts";

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

let places = 0;
/** A project with two runs, one of another tenant, and its backup. */
async function backedUp() {
  const here = join(space.path, `place-${places++}`);
  const project = join(here, "project");
  await stateWithRuns(project, [
    { name: "heal-aaaaaaaa", withReceipt: true },
    { name: "heal-bbbbbbbb", tenant: "acme" },
  ]);
  const target = join(here, "other");
  await mkdir(target);
  const backup = join(here, "backup");
  const made = await backUp(project, backup);
  return { here, project, target, backup, made };
}

async function rewriteSums(backup: string, change: (text: string) => string): Promise<void> {
  const path = join(backup, "SHA256SUMS");
  await writeFile(path, change(await readFile(path, "utf8")));
}

describe("a backup", () => {
  test("restored elsewhere has every run, its evidence and its artifacts", async () => {
    const { backup, target } = await backedUp();
    const restored = await restore(backup, target);
    expect(restored.path).toBe(join(target, ".assay"));
    await using project = await openProject(target, {});
    expect(await project.list()).toMatchObject([{ run: "heal-aaaaaaaa", outcome: "accepted" }]);
    expect(await evidenceOf(target, "heal-aaaaaaaa")).toBe(2);
    expect(await evidenceOf(target, "heal-bbbbbbbb", "acme")).toBe(2);
    expect(await readFile(join(target, ".assay/runs/heal-aaaaaaaa/report.html"), "utf8")).toBe("<p>heal-aaaaaaaa");
  });

  test("can be checked by sha256sum alone", async () => {
    const { backup, made } = await backedUp();
    const { stdout } = await promisify(execFile)("sha256sum", ["-c", "--strict", "SHA256SUMS"], { cwd: backup });
    expect(stdout.trimEnd().split("\n")).toHaveLength(made.files);
  });

  test("holds no key, nothing of a daemon, no link and no mark", async () => {
    const { here, project } = await backedUp();
    const state = join(project, ".assay");
    await writeFile(join(state, "daemon.key"), "assay_secret");
    await writeFile(join(state, "daemon.json"), "{}");
    await symlink("/etc/passwd", join(state, "runs", "heal-aaaaaaaa", "link"));
    const { path, leftOut } = await backUp(project, join(here, "second"));
    const names = (await readdir(path, { recursive: true })).map((name) => name.split("/").at(-1));
    for (const name of ["daemon.key", "daemon.json", "made-here.json", "link"]) expect(names).not.toContain(name);
    expect(leftOut).toEqual(["runs/heal-aaaaaaaa/link: it is no ordinary file"]);
  });

  test("can be read by its owner alone, every file and folder of it", async () => {
    const { backup } = await backedUp();
    const entries = await readdir(backup, { recursive: true });
    const modes = await Promise.all(
      ["", ...entries].map(async (name) => [name, (await stat(join(backup, name))).mode & 0o077]),
    );
    expect(modes.filter(([, mode]) => mode !== 0)).toEqual([]);
    expect(entries).toContain("state/journal.sqlite");
  });

  test("is made while the project is worked on, and is whole", async () => {
    const { here, project, target } = await backedUp();
    let done = false;
    const working = (async () => {
      for (let index = 0; !done; index++)
        await stateWithRuns(project, [{ name: `heal-work${String(index).padStart(6, "0")}` }]);
    })();
    await backUp(project, join(here, "busy"));
    done = true;
    await working;
    await restore(join(here, "busy"), target);
    await using restored = await openProject(target, {});
    for (const { run } of await restored.list()) expect(await evidenceOf(target, run)).toBe(2);
  });

  test("never replaces anything, and is not put into what it is of", async () => {
    const { project, backup } = await backedUp();
    await expect(backUp(project, backup)).rejects.toMatchObject({ fault: { code: "usage" } });
    await expect(backUp(project, join(project, ".assay", "b"))).rejects.toMatchObject({ fault: { code: "usage" } });
  });
});

describe("restoring", () => {
  test("refuses a project that has a state, and leaves it", async () => {
    const { backup, project } = await backedUp();
    await expect(restore(backup, project)).rejects.toMatchObject({ fault: { code: "usage" } });
    expect(await evidenceOf(project, "heal-aaaaaaaa")).toBe(2);
  });

  const tampered: [string, (backup: string) => Promise<void>][] = [
    ["a changed file", (backup) => writeFile(join(backup, "state/runs/heal-aaaaaaaa/report.html"), "<p>other")],
    ["a missing file", (backup) => rm(join(backup, "state/runs/heal-aaaaaaaa/report.html"))],
    ["a file more", (backup) => writeFile(join(backup, "state/runs/extra"), "x")],
    ["a link", (backup) => symlink("/etc/passwd", join(backup, "state/runs/link"))],
    [
      "a link instead of a folder",
      async (backup) => {
        await rename(join(backup, "state/runs"), join(backup, "..", "moved-runs"));
        await symlink("../../moved-runs", join(backup, "state/runs"));
      },
    ],
    [
      "a path that leads out",
      (backup) => rewriteSums(backup, (text) => `${text}${"0".repeat(64)}  state/runs/../../../x\n`),
    ],
    ["an absolute path", (backup) => rewriteSums(backup, (text) => `${text}${"0".repeat(64)}  /etc/passwd\n`)],
    [
      "a place that no backup has",
      (backup) => rewriteSums(backup, (text) => `${text}${"0".repeat(64)}  state/daemon.key\n`),
    ],
    ["a path twice", (backup) => rewriteSums(backup, (text) => text + text.slice(0, text.indexOf("\n") + 1))],
    ["an end that is cut off", (backup) => rewriteSums(backup, (text) => text.slice(0, -10))],
    ["no digests", (backup) => rewriteSums(backup, () => "")],
  ];
  test.each(tampered)("refuses a backup with %s before it writes anything", async (_what, change) => {
    const { backup, target } = await backedUp();
    await change(backup);
    await expect(restore(backup, target)).rejects.toMatchObject({ fault: { code: "receipt-mismatch" } });
    expect(await readdir(target)).toEqual([]);
  });

  test("refuses a journal that is none, though its digest is right", async () => {
    const { backup, target, here } = await backedUp();
    const forged = join(here, "forged");
    await cp(backup, forged, { recursive: true });
    await writeFile(join(forged, "state/journal.sqlite"), "not a database, but long enough to look at ".repeat(200));
    const { stdout } = await promisify(execFile)("sha256sum", ["state/journal.sqlite"], { cwd: forged });
    await rewriteSums(forged, (text) => text.replace(/^[0-9a-f]{64} {2}state\/journal\.sqlite$/m, stdout.trimEnd()));
    await expect(restore(forged, target)).rejects.toMatchObject({ fault: { code: "journal-corrupt" } });
    expect(await readdir(target)).toEqual([]);
  });
});

test("a list of digests is read as it was written, and nothing that leads out of a state is read", () => {
  const hex = "ab".repeat(32);
  const needed = new Map([
    ["backup.json", hex],
    ["state/journal.sqlite", hex],
  ]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9 ._-]{1,20}$/)), (names) => {
      const safe = names.filter((name) => name !== "." && name !== "..");
      const sums = new Map([...needed, ...safe.map((name) => [`state/runs/${name}`, hex] as const)]);
      expect(parseSums(formatSums(sums))).toEqual(sums);
    }),
  );
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("..", ".", ""), (name, part) => {
      const path = `state/runs/${part}/${name}`;
      expect(() => parseSums(formatSums(new Map([...needed, [path, hex]])))).toThrow();
    }),
  );
});
