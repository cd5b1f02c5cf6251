import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ProcessOwners } from "#store";
import { daemonPaths, removeDaemonFiles, writeDaemonFile, writeDaemonKey } from "./daemon-file.ts";
import { findDaemon } from "./find-daemon.ts";

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "assay-daemon-"));
});
afterEach(() => rm(state, { recursive: true }));

const url = "http://127.0.0.1:8420";
const owner = new ProcessOwners().self;
const announce = (owner: string) =>
  writeDaemonFile(state, { url, pid: process.pid, owner, version: "0", startedAt: 1 });

describe("a project's daemon", () => {
  test("is found with its key, which only this user can read", async () => {
    const key = await writeDaemonKey(state);
    await announce(owner);
    expect(await findDaemon(state)).toEqual({ url, key, pid: process.pid });
    expect((await stat(daemonPaths(state).key)).mode & 0o777).toBe(0o600);
    expect(await writeDaemonKey(state)).not.toBe(key);
  });

  test("that is dead, or was never there, is none", async () => {
    expect(await findDaemon(state)).toBeUndefined();
    await writeDaemonKey(state);
    await announce(JSON.stringify({ ...JSON.parse(owner), start: "1" }));
    expect(await findDaemon(state)).toBeUndefined();
    await announce(owner);
    await removeDaemonFiles(state);
    expect(await findDaemon(state)).toBeUndefined();
  });

  test("that lives and cannot be talked to is a fault that says so", async () => {
    await announce(owner);
    await expect(findDaemon(state)).rejects.toThrow("its key cannot be read");
    await writeFile(daemonPaths(state).file, "{}");
    await expect(findDaemon(state)).rejects.toThrow("says nothing about a daemon");
    expect(await readFile(daemonPaths(state).file, "utf8")).toBe("{}");
  });
});
