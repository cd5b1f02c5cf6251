import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "../../test/support/scratch.ts";
import { isDead, processTag } from "./files/process-tag.ts";
import { LayeredWorkspaces } from "./layered-workspaces.ts";

const module = join(import.meta.dirname, "files", "process-tag.ts");
const printTag = `import { processTag } from ${JSON.stringify(module)}; console.log(processTag());`;
const node = ["--input-type=module", "-e"];
const parts = () => processTag().split("-") as [string, string, string, string, string];
const hasProc = parts()[1] !== "";

function tagOfDead(): string {
  return spawnSync(process.execPath, [...node, printTag], { encoding: "utf8" }).stdout.trim();
}

test("a process is alive until it ends", async () => {
  const child = spawn(process.execPath, [...node, `${printTag} setInterval(() => {}, 1000);`]);
  const [said] = await once(child.stdout, "data");
  const tag = String(said).trim();
  expect(isDead(tag)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isDead(tag)).toBe(true);
  expect(isDead(processTag())).toBe(false);
});

test("a process that only has the pid of another is not taken for it", (context) => {
  if (!hasProc) context.skip("needs /proc");
  const [pid, , pids, boot, host] = parts();
  expect(isDead([pid, "1", pids, boot, host].join("-"))).toBe(true);
});

test("a process of another container, another machine or of no known form may be alive", () => {
  const [, start, pids, boot, host] = parts();
  const free = "4194304";
  if (hasProc) expect(isDead([free, start, `${pids}1`, boot, host].join("-"))).toBe(false);
  expect(isDead([free, start, pids, "00000000", "00000000"].join("-"))).toBe(false);
  // Before the last reboot of this machine.
  expect(isDead([free, start, pids, "00000000", host].join("-"))).toBe(true);
  for (const text of ["", "4194304", `4194304-abc123`, `${hostname()}-1`]) expect(isDead(text)).toBe(false);
});

test("the next start removes what killed processes left, and nothing that may be in use or is a run's", async () => {
  await using space = await scratch();
  const state = join(space.path, "state");
  const root = await space.tree("project", { "a.py": "1" });
  const dead = tagOfDead();
  const foreign = dead.replace(/^(\d+-\d*-\d*)/, "$11");
  const mark = (tag: string) => `name\n${tag}\n`;
  const make = async (name: string, tag: string) => {
    await mkdir(join(state, "workspaces", name), { recursive: true });
    await writeFile(join(state, "workspaces", name, ".assay-workspace"), mark(tag));
    await writeFile(join(state, "workspaces", name, "file"), "");
  };
  await make("audit-00012345.audit.1", dead);
  await make("derive-0123456789abcdef.union.1", dead);
  await make("verify-0123456789ab.reproduce.1", dead);
  const kept = ["derive-1.union.1", "heal-0123456789.fix.1", "verify-2.reproduce.1"];
  await make("derive-1.union.1", processTag());
  await make("verify-2.reproduce.1", hasProc ? foreign : processTag());
  await make("heal-0123456789.fix.1", dead);
  await space.tree(`state/snapshots/building-${dead}-abcDEF`, { "tree/x": "" });
  await space.tree(`state/snapshots/building-${dead}-abcDEF-replaced`, { "tree/x": "" });
  const live = [`building-${processTag()}-abcDEF`, `building-${hasProc ? foreign : processTag()}-abcDEG`];
  for (const name of live) await space.tree(`state/snapshots/${name}`, { "tree/x": "" });

  const workspaces = new LayeredWorkspaces({ stateDirectory: state, overlay: true });
  const { digest } = await workspaces.snapshot(root);
  expect((await readdir(join(state, "workspaces"))).sort()).toEqual(kept.sort());
  const left = [...live, digest.slice("sha256:".length)].sort();
  expect((await readdir(join(state, "snapshots"))).sort()).toEqual(left);
});
