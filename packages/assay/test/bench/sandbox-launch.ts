/**
 * What a sandbox adds to starting `true`: p50 and p95 of a bare spawn, of bubblewrap alone, of a sandbox and of one with an overlay
 * workspace, taken in turns so that whatever else the machine does falls on all alike. Budget: 6 ms p50 over a bare spawn.
 *
 * Bubblewrap alone has the namespaces, root file system, /proc and /dev of a sandbox, as the same user; it has no launcher, cgroup,
 * limits, disk of its own, seccomp filter or supervision. It is the part of the launch that is not ours to shorten.
 *
 *   node packages/assay/test/bench/sandbox-launch.ts [ROUNDS]
 */
import { spawn } from "node:child_process";
import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { functionLimits } from "#domain";
import { type ExecutionRequest, unprivilegedUid } from "#ports";
import { openSandbox } from "#sandbox";
// What the sandbox gives bubblewrap as its root.
import { minimalRootArguments } from "../../src/sandbox/launch/minimal-root.ts";
import { RuntimeDirectory } from "../../src/sandbox/runtime-directory.ts";

const rounds = Math.max(100, Number(process.argv[2] ?? 200));
const warmUps = 5;
/** Between two commands, as between two runs of a suite: the sandbox gets its next launcher ready meanwhile. */
const pauseMs = 25;

const uid = process.getuid?.() || unprivilegedUid;
const { sandbox, overlay } = await openSandbox({ unsafe: false });
const runtime = RuntimeDirectory.create();
const rootArguments = minimalRootArguments(runtime, uid);
const folder = await mkdtemp(join(tmpdir(), "assay-bench-"));
try {
  const layers = [join(folder, "edits"), join(folder, "base")];
  for (const layer of layers) {
    await mkdir(layer);
    await writeFile(join(layer, "file"), "x");
    if (process.getuid?.() === 0) await chown(layer, unprivilegedUid, unprivilegedUid);
  }
  const bare: ExecutionRequest = {
    argv: ["/usr/bin/true"],
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    mounts: [],
    limits: functionLimits,
  };
  const target = "/work space";
  const layered: ExecutionRequest = {
    ...bare,
    cwd: target,
    workspace: { method: "overlay", target, layers, removed: [] },
  };
  const subjects = new Map<string, () => Promise<void>>([
    ["bare spawn", () => spawnToEnd("/usr/bin/true", [])],
    ["bubblewrap alone", () => spawnToEnd(...bubblewrapAlone(rootArguments))],
    ["sandbox", () => inSandbox(bare)],
  ]);
  if (overlay) subjects.set("sandbox with overlay workspace", () => inSandbox(layered));

  const taken = new Map([...subjects.keys()].map((name) => [name, [] as number[]]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const [name, run] of subjects) {
      await delay(pauseMs);
      const started = performance.now();
      await run();
      if (round >= 0) taken.get(name)?.push(performance.now() - started);
    }
  }
  report(taken);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function inSandbox(request: ExecutionRequest): Promise<void> {
  const { termination } = await sandbox.execute(request);
  if (termination.kind !== "exited" || termination.code !== 0) throw new Error(JSON.stringify(termination));
}

function bubblewrapAlone(root: readonly string[]): [string, string[]] {
  const options = [
    ...["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--clearenv"],
    ...["--uid", String(uid), "--gid", String(uid), "--hostname", "assay", "--cap-drop", "ALL"],
    ...root,
    ...["--remount-ro", "/dev", "--tmpfs", "/tmp", "--remount-ro", "/", "--chdir", "/"],
  ];
  return ["bwrap", [...options, "--", "/usr/bin/true"]];
}

/** With the same descriptors as a sandbox gets. */
function spawnToEnd(file: string, args: readonly string[]): Promise<void> {
  // Node becomes the user between fork and exec: no further program is started for it.
  const identity = process.getuid?.() === uid ? {} : { uid, gid: uid };
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ["pipe", "pipe", "pipe", "pipe", "pipe"],
      detached: true,
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
      ...identity,
    });
    let said = "";
    for (const stream of child.stdio.slice(1)) {
      stream?.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
    }
    child.stdin?.end();
    child.on("error", reject).on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${file}: ${said}`))));
  });
}

function report(taken: ReadonlyMap<string, number[]>): void {
  const quantile = (values: number[], q: number) =>
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0;
  const base = quantile(taken.get("bare spawn") ?? [], 0.5);
  const rows = [...taken].map(([name, values]) => {
    const p50 = quantile(values, 0.5);
    return { name, rounds: values.length, p50Ms: p50, p95Ms: quantile(values, 0.95), overBareP50Ms: p50 - base };
  });
  const ms = (value: number) => value.toFixed(2).padStart(8);
  console.log(`${"".padEnd(32)}     p50      p95  over bare (ms, ${rounds} rounds)`);
  for (const row of rows) {
    console.log(`${row.name.padEnd(32)}${ms(row.p50Ms)} ${ms(row.p95Ms)}  ${ms(row.overBareP50Ms)}`);
  }
  console.log(JSON.stringify({ bench: "sandbox-launch", uid: process.getuid?.(), budgetOverBareP50Ms: 6, rows }));
}
