import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "../support/scratch.ts";

const program = join(import.meta.dirname, "..", "fixtures", "store", "append-until-full.ts");
const mounts =
  spawnSync("unshare", ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", tmpdir()]).status === 0;

/** Runs the fixture with its state on a file system of its own, mounted in a namespace that ends with it. */
async function appendIn(options: string): Promise<unknown> {
  await using folder = await scratch();
  const script = `set -e; mount -t tmpfs -o ${options} tmpfs "$1"; "$2" "$3" "$1"`;
  const child = spawnSync(
    "unshare",
    ["--map-root-user", "--mount", "sh", "-c", script, "sh", folder.path, process.execPath, program],
    { encoding: "utf8" },
  );
  expect(child.stderr).toBe("");
  return JSON.parse(child.stdout);
}

const reason = mounts ? "" : " (skipped: this machine does not let us mount in a namespace of our own)";

test.skipIf(!mounts)(`a full disk is disk-full, and what was acknowledged stays readable${reason}`, async () => {
  const { codes, acked } = (await appendIn("size=2m")) as { codes: string[]; acked: number };
  expect(codes).toEqual(["disk-full", "disk-full"]);
  expect(acked).toBeGreaterThan(5);
});

test.skipIf(!mounts)(`a read-only state directory is state-not-writable${reason}`, async () => {
  const { codes } = (await appendIn("size=2m,ro")) as { codes: string[] };
  expect(codes).toEqual(["state-not-writable", "state-not-writable"]);
});
