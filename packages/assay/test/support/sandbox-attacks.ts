import { chownSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { chown, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Limits } from "#domain";
import { type Execution, type ExecutionRequest, type Sandbox, unprivilegedUid, type WorkspaceMount } from "#ports";

import { attackFolder, limits, python } from "./attack-place.ts";
import {
  type AttackRequest,
  attackByLinks,
  attackBySockets,
  attackClock,
  attackNeighbour,
  attackVictim,
} from "./more-attacks.ts";

const mebibyte = 1024 * 1024;

export { attackFolder, limits, python };

/** What an attack is measured by: empty when it was contained, else what it achieved. */
export type AttackResults = Record<string, string[]>;

/** A folder with two layers below odd names, and what the attacks want to reach. */
export async function makeTarget() {
  const folder = await mkdtemp(join(tmpdir(), "assay: ä, "));
  const layers = [join(folder, "upper, layer"), join(folder, "lower: läyer")];
  const secret = join(folder, "secret");
  await writeFile(secret, "the host's secret");
  for (const layer of layers) await mkdir(layer);
  const files = [join(layers[0] ?? "", "edited"), join(layers[1] ?? "", "kept")];
  for (const file of files) await writeFile(file, "original\n");
  await symlink(folder, join(layers[0] ?? "", "out"));
  if (process.getuid?.() === 0)
    for (const path of [...layers, ...files]) await chown(path, unprivilegedUid, unprivilegedUid);
  const freshCopy = () => {
    const copy = mkdtempSync(join(folder, "copy "));
    if (process.getuid?.() === 0) chownSync(copy, unprivilegedUid, unprivilegedUid);
    return copy;
  };
  return { folder, layers, freshCopy, secret, dispose: () => rm(folder, { recursive: true, force: true }) };
}

/** Host pids whose command line holds `mark`, without this process. */
export function processesMarked(mark: string): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, "utf8");
      return line.includes(mark) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** What a process is and what it waits for, for the message of a test that found it where none should be. */
export function describeProcess(pid: number): string {
  const told = ["cmdline", "stat", "wchan"].map((name) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, "utf8").replaceAll("\0", " ").trim();
    } catch {
      return `no ${name}`;
    }
  });
  return `${pid}: ${told.join(" | ")}`;
}

/** Runs every attack in a sandbox, one after another; `overlay`: it mounts layered workspaces, which are attacked too. */
export async function runAttacks(sandbox: Sandbox, overlay: boolean): Promise<AttackResults> {
  const target = await makeTarget();
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  process.env.ASSAY_HOST_SECRET = "ASSAY_HOST_SECRET";
  const results: AttackResults = {};
  try {
    for (const [name, attack] of attacks(target, port, overlay)) results[name] = await attack(sandbox);
  } finally {
    server.close();
    await target.dispose();
  }
  return results;
}

type Target = Awaited<ReturnType<typeof makeTarget>>;

type Attack = [name: string, attack: (sandbox: Sandbox) => Promise<string[]>];

function attacks(target: Target, port: number, overlay: boolean): Attack[] {
  const root = "/wörk: space, 1";
  const workspace = (): WorkspaceMount =>
    overlay
      ? { target: root, method: "overlay", layers: target.layers, removed: [] }
      : { target: root, method: "copy", directory: target.freshCopy() };
  const request = (file: string, args: string[] = [], changes: Partial<Limits> = {}): ExecutionRequest => ({
    argv: [python, join(attackFolder, file), ...args],
    cwd: root,
    env: { PATH: "/usr/bin:/bin" },
    workspace: workspace(),
    mounts: [{ source: attackFolder }],
    limits: { ...limits, ...changes },
  });
  /** For attacks that tell themselves how far they came. */
  const reported =
    (file: string, ...args: string[]) =>
    async (sandbox: Sandbox) => {
      const execution = await sandbox.execute(request(file, args));
      const { text } = execution.stdout;
      const escapes = text.split("\n").filter((line) => line.startsWith("ESCAPED"));
      return text.includes("DONE\n") ? escapes : [...escapes, `did not finish: ${describe(execution)}`];
    };
  const endedBy = (by: string, file: string, changes: Partial<Limits>) => async (sandbox: Sandbox) => {
    const execution = await sandbox.execute(request(file, [], changes));
    const { termination, isolation } = execution;
    // What a container's limits refuse is counted at its end; one that does not end is ended by the clock.
    const byClock = isolation.kind === "container" && by === "processes" && termination.kind === "timed-out";
    return byClock || (termination.kind === "limited" && termination.by === by)
      ? []
      : [`was not limited by ${by}: ${describe(execution)}`];
  };
  return [
    ["reaches no network but its own loopback", reported("network.py", String(port))],
    ["reads no host file and writes no system file", reported("files.py", target.secret)],
    ["sees, signals and configures no process of the host", reported("processes.py", "run-attacks")],
    ["gets no namespace, mount, trace, keyring, io_uring or terminal", reported("kernel.py")],
    [
      "reaches nothing by UDP, DNS or the host's Unix sockets",
      (sandbox) => attackBySockets(sandbox, target.folder, reported),
    ],
    ["signals, limits and pins no process of the host", (sandbox) => attackVictim(sandbox, reported)],
    [
      "sees nothing of what another sandbox holds at the same time",
      (sandbox) => attackNeighbour(sandbox, request, true),
    ],
    ["finds nothing that an earlier one left for the next", (sandbox) => attackNeighbour(sandbox, request, false)],
    ["is ended by the clock though it sets and stops what it can", (sandbox) => attackClock(sandbox, request)],
    ["leads nobody through the links it leaves in a copied workspace", (sandbox) => attackByLinks(sandbox, target)],
    [
      "is ended when it forks without end",
      endedBy("processes", "fork-bomb.py", { processesMax: 24, wallMsMax: 10_000 }),
    ],
    ["is ended for memory held in many processes", endedBy("memory", "memory.py", { memoryBytesMax: 128 * mebibyte })],
    ["is ended for CPU burnt in many processes", endedBy("cpu", "cpu.py", { cpuSecondsMax: 2 })],
    ["is ended when it floods its output", endedBy("output", "flood.py", { outputBytesMax: 4 * mebibyte })],
    [
      "cannot write more than its disk",
      async (sandbox) => {
        const diskBytesMax = 16 * mebibyte;
        const execution = await sandbox.execute(request("disk.py", [], { diskBytesMax }));
        if (execution.termination.kind === "limited" && execution.termination.by === "disk") return [];
        const written = Number(/WRITTEN (\d+)/.exec(execution.stdout.text)?.[1] ?? Number.NaN);
        // Shared memory has a bound of its own, the same again.
        return written > 0 && written <= 2 * diskBytesMax ? [] : [`wrote ${written} bytes: ${describe(execution)}`];
      },
    ],
    [
      "cannot fill the kernel with empty files",
      async (sandbox) => {
        const execution = await sandbox.execute(request("inodes.py", [], { memoryBytesMax: 64 * mebibyte }));
        const made = Number(/MADE (\d+)/.exec(execution.stdout.text)?.[1] ?? Number.NaN);
        // An inode and its name are about a KiB of the kernel's memory.
        const contained = execution.termination.kind === "limited" || made <= 128 * 1024;
        return contained ? [] : [`made ${made} files: ${describe(execution)}`];
      },
    ],
    [
      "leaves no process behind",
      async (sandbox) => {
        const mark = `survivor-${process.pid}`;
        const execution = await sandbox.execute(request("survivor.py", [mark]));
        const left = processesMarked(mark).map((pid) => `left process ${pid}`);
        return execution.termination.kind === "exited" ? left : [...left, describe(execution)];
      },
    ],
    [
      "leaves no process behind when its time is up",
      async (sandbox) => {
        const mark = `late-survivor-${process.pid}`;
        const execution = await sandbox.execute(request("survivor.py", [mark, "stay"], { wallMsMax: 2_000 }));
        const left = processesMarked(mark).map((pid) => `left process ${pid}`);
        return execution.termination.kind === "timed-out" ? left : [...left, describe(execution)];
      },
    ],
    ...(overlay ? [attackOnLayers(target, root, request)] : []),
  ];
}

function attackOnLayers(target: Target, root: string, request: AttackRequest): Attack {
  return [
    "cannot change the layers below it, nor have a file removed through a link",
    async (sandbox) => {
      const plain = request("");
      const argv = ["/bin/sh", "-c", "echo changed >edited; rm -f kept; echo changed >kept; cat edited kept"] as const;
      const changed = await sandbox.execute({ ...plain, argv: [...argv] });
      const workspace = { target: root, method: "overlay", layers: target.layers, removed: ["out/secret"] } as const;
      const removing = await sandbox.execute({ ...plain, argv: ["/bin/true"], workspace });
      const original = async (path: string) => (await readFile(path, "utf8").catch(() => "gone")) as string;
      const found = [
        changed.stdout.text === "changed\nchanged\n" ? "" : `could not write: ${describe(changed)}`,
        (await original(join(target.layers[0] ?? "", "edited"))) === "original\n" ? "" : "changed the upper layer",
        (await original(join(target.layers[1] ?? "", "kept"))) === "original\n" ? "" : "changed the lower layer",
        removing.termination.kind === "sandbox-fault" ? "" : `went on: ${describe(removing)}`,
        (await original(target.secret)) === "the host's secret" ? "" : "removed a host file",
      ];
      return found.filter((text) => text !== "");
    },
  ];
}

export function describe({ termination, stdout, stderr }: Execution): string {
  return JSON.stringify({ termination, stdout: stdout.text.slice(-500), stderr: stderr.text.slice(-1_000) });
}
