import { spawnSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attemptName, runId } from "#domain";
import { scratch } from "../../../test/support/scratch.ts";
import { LayeredWorkspaces } from "../layered-workspaces.ts";
import { makeAttemptDirectory, removeAttemptDirectory } from "./attempt-directory.ts";

const name = attemptName(runId("heal-0123456789"), "fix", "1");
const ordinary = 1234;

/** Runs a function of this folder as an ordinary user; prints the code of its fault, if there is one. */
function removeAsOrdinary(directory: string) {
  const module = join(import.meta.dirname, "attempt-directory.ts");
  const script = `import { removeAttemptDirectory } from ${JSON.stringify(module)};
    await removeAttemptDirectory(process.argv[1]).catch((error) => console.log(error.fault?.code ?? error.code));`;
  const isRoot = process.getuid?.() === 0;
  const prefix = isRoot ? ["setpriv", `--reuid=${ordinary}`, `--regid=${ordinary}`, "--clear-groups"] : [];
  const [command = "", ...args] = [...prefix, process.execPath, "--input-type=module", "-e", script, directory];
  return spawnSync(command, args, { encoding: "utf8", env: { PATH: process.env.PATH } });
}

async function place() {
  const space = await scratch();
  await chmod(space.path, 0o755);
  const directory = await makeAttemptDirectory(join(space.path, "state"), name);
  const give = async (path: string) => (process.getuid?.() === 0 ? chown(path, ordinary, ordinary) : undefined);
  return { space, directory, give };
}

test("folders that a test made unreadable are removed by an ordinary user too, and nothing behind a link", async (context) => {
  const { space, directory, give } = await place();
  await using _ = space;
  const outside = await space.tree("outside", { kept: "x" });
  const closed = join(directory, "copy-1", "a", "closed");
  await mkdir(join(closed, "inner"), { recursive: true });
  await writeFile(join(closed, "inner", "file"), "");
  await symlink(outside, join(closed, "link"));
  await chmod(outside, 0o755);
  const folders = [".", "copy-1", "copy-1/a", "copy-1/a/closed", "copy-1/a/closed/inner"].map((at) =>
    join(directory, at),
  );
  for (const path of [join(space.path, "state"), join(directory, ".."), ...folders]) await give(path);
  await chmod(join(closed, "inner"), 0o500);
  await chmod(closed, 0o000);
  const { stdout, stderr, error } = removeAsOrdinary(directory);
  if (error !== undefined || /EACCES.*node_modules|Cannot find/.test(stderr))
    context.skip("an ordinary user cannot run this checkout");
  expect([stdout, stderr]).toEqual(["", ""]);
  expect(await readdir(join(directory, ".."))).toEqual([]);
  expect(await readFile(join(outside, "kept"), "utf8")).toBe("x");
});

test("what cannot be removed is a fault that says so, and the mark stays for the next try", async (context) => {
  if (process.getuid?.() !== 0) context.skip("needs root to make a folder of somebody else");
  const { space, directory, give } = await place();
  await using _ = space;
  const foreign = join(directory, "copy-1");
  await mkdir(foreign, { mode: 0o755 });
  await writeFile(join(foreign, "file"), "");
  for (const path of [join(space.path, "state"), join(directory, ".."), directory]) await give(path);
  const { stdout, stderr, error } = removeAsOrdinary(directory);
  if (error !== undefined || /EACCES.*node_modules|Cannot find/.test(stderr))
    context.skip("an ordinary user cannot run this checkout");
  expect([stdout, stderr]).toEqual(["state-not-writable\n", ""]);
  expect(await readdir(directory)).toEqual([".assay-workspace", "copy-1"]);
  await removeAttemptDirectory(directory);
  expect(await readdir(join(directory, ".."))).toEqual([]);
});

test("a disposal that fails does not replace what was observed", async () => {
  await using space = await scratch();
  const state = join(space.path, "state");
  const workspaces = new LayeredWorkspaces({ stateDirectory: state, overlay: false });
  const snapshot = await workspaces.snapshot(await space.tree("project", { "a.py": "1" }));
  const observe = async () => {
    await using workspace = await workspaces.open(snapshot, name);
    // Without its mark it is not Assay's to remove.
    await writeFile(join(state, "workspaces", workspace.name, ".assay-workspace.new"), "");
    await rm(join(state, "workspaces", workspace.name, ".assay-workspace"));
    return "observed";
  };
  expect(await observe()).toBe("observed");
});
