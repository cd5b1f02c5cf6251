import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProcessOwners } from "#store";
import { refuseForeignTarget } from "./backup/restore.ts";
import { writeDaemonFile } from "./daemon/daemon-file.ts";
import { openStateDirectory } from "./state-directory.ts";
import { strangeState } from "./strange-state.ts";

const strange = {
  path: "/p/.assay",
  uid: 0,
  owners: [0, 0],
  daemon: undefined,
  isOpen: false,
  config: "/root/.config",
};

test("a state of somebody else names who it belongs to, and is never to be moved away", () => {
  const { message, remedy } = strangeState({ ...strange, owners: [4321, 4321] });
  expect(message).toContain("belongs to the user with id 4321");
  expect(remedy).toContain("sudo -u '#4321' env HOME=… XDG_CONFIG_HOME=…");
  expect(remedy).not.toContain("mv ");
  expect(strangeState({ ...strange, uid: 4321, owners: [4321, 0] }).message).toContain("belongs to the user with id 0");
});

test("a backup is restored by whoever the target belongs to", () => {
  expect(() => refuseForeignTarget("/p", 4321, 0)).toThrow("/p belongs to the user with id 4321");
  refuseForeignTarget("/p", 4321, 4321);
  refuseForeignTarget("/p", 4321, 1000);
});

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "assay-strange-")));
  await mkdir(join(root, "project"));
  vi.stubEnv("XDG_CONFIG_HOME", join(root, "one"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const project = () => join(root, "project");
async function refusal(): Promise<string | undefined> {
  const error = await openStateDirectory(project()).catch((reason: unknown) => reason);
  return (error as { fault?: { remedy?: string } }).fault?.remedy;
}

test("a state made with another HOME is moved away only while nobody works with it", async () => {
  const { path } = await openStateDirectory(project());
  vi.stubEnv("XDG_CONFIG_HOME", join(root, "other"));
  expect(await refusal()).toMatch(/^if it is yours, use the HOME and XDG_CONFIG_HOME .*: mv /);
  await writeFile(join(path, "journal.sqlite-wal"), "");
  expect(await refusal()).not.toContain("mv ");
  const owner = new ProcessOwners().self;
  await writeDaemonFile(path, { url: "http://127.0.0.1:1", pid: process.pid, owner, version: "0", startedAt: 1 });
  expect(await refusal()).toBe(
    `a daemon works with it (process ${process.pid}): use the HOME and XDG_CONFIG_HOME that it has`,
  );
});
