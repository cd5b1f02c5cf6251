import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { type AttackResults, describeProcess, processesMarked, python } from "../support/sandbox-attacks.ts";

const program = join(import.meta.dirname, "..", "support", "run-attacks.ts");
const isWhole = process.env.ASSAY_TEST_DEPTH !== "representative";
const isRoot = process.getuid?.() === 0;
const asOrdinary = ["setpriv", "--reuid=1234", "--regid=1234", "--clear-groups"];

/** The same attacks against each kind of sandbox, by each kind of user that this machine lets us be. */
const places = [
  { user: `${isRoot ? "root" : "an ordinary user"} runs in the sandbox`, prefix: [] as string[], kind: "bubblewrap" },
  ...(isRoot ? [{ user: "an ordinary user runs in the sandbox", prefix: asOrdinary, kind: "bubblewrap" }] : []),
  // Starting containers is slow: in the whole suite only.
  ...(isWhole ? [{ user: "runs in a container", prefix: [] as string[], kind: "container" }] : []),
];

const names = [
  "reaches no network but its own loopback",
  "reads no host file and writes no system file",
  "sees, signals and configures no process of the host",
  "gets no namespace, mount, trace, keyring, io_uring or terminal",
  "reaches nothing by UDP, DNS or the host's Unix sockets",
  "signals, limits and pins no process of the host",
  "sees nothing of what another sandbox holds at the same time",
  "finds nothing that an earlier one left for the next",
  "is ended by the clock though it sets and stops what it can",
  "leads nobody through the links it leaves in a copied workspace",
  "is ended when it forks without end",
  "is ended for memory held in many processes",
  "is ended for CPU burnt in many processes",
  "is ended when it floods its output",
  "cannot write more than its disk",
  "cannot fill the kernel with empty files",
  "leaves no process behind",
  "leaves no process behind when its time is up",
];
const ofOverlays = ["cannot change the layers below it, nor have a file removed through a link"];

describe.each(places)("what $user", ({ prefix, kind }) => {
  const attacked = kind === "container" ? names : [...names, ...ofOverlays];
  let results: AttackResults = {};
  let cannot: string | undefined;

  beforeAll(() => {
    cannot = existsSync(python) ? undefined : `${python} is missing`;
    if (cannot === undefined && prefix.length > 0 && run(prefix, ["--check", program]).status !== 0) {
      cannot = "an ordinary user cannot run this checkout";
    }
    if (cannot !== undefined) return;
    const { stdout, stderr } = run(prefix, [program, "all", kind]);
    if (/no-isolation|does not let bubblewrap/.test(stderr)) cannot = stderr.slice(0, 500);
    else results = JSON.parse(stdout).results;
  }, 300_000);

  test("is all that is attacked here", (context) => {
    if (cannot !== undefined) context.skip(cannot);
    expect(Object.keys(results)).toEqual(attacked);
  });

  for (const name of attacked) {
    test(name, (context) => {
      if (cannot !== undefined) context.skip(cannot);
      expect(results[name]).toEqual([]);
    });
  }

  // A container belongs to its engine: the next start removes what a killed Assay left.
  if (kind === "container") return;

  test("dies with the Assay that started it, whatever kills that", async (context) => {
    if (cannot !== undefined) context.skip(cannot);
    const mark = `orphan-${process.pid}-${prefix.length}`;
    const [file = "", ...args] = [...prefix, process.execPath, program, "leave", mark];
    const child = spawn(file, args, { env: { PATH: process.env.PATH }, stdio: ["ignore", "pipe", "inherit"] });
    try {
      for await (const chunk of child.stdout) if (String(chunk).includes("READY")) break;
      const inside = processesMarked(mark).filter((pid) => pid !== child.pid);
      expect(inside.length).toBeGreaterThan(0);
      child.kill("SIGKILL");
      for (let waited = 0; waited < 100 && processesMarked(mark).length > 0; waited++) await delay(100);
      expect(processesMarked(mark).map(describeProcess)).toEqual([]);
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("leaves nothing behind when Assay is killed while it starts one", async (context) => {
    if (cannot !== undefined) context.skip(cannot);
    for (let round = 0; round < (isWhole ? 10 : 4); round++) {
      const mark = `restart-${process.pid}-${prefix.length}-${round}`;
      const [file = "", ...args] = [...prefix, process.execPath, program, "repeat", mark];
      const child = spawn(file, args, { env: { PATH: process.env.PATH }, stdio: ["ignore", "pipe", "inherit"] });
      for await (const chunk of child.stdout) if (String(chunk).includes("READY")) break;
      await delay(round * (isWhole ? 7 : 17));
      child.kill("SIGKILL");
      for (let waited = 0; waited < 500 && processesMarked(mark).length > 0; waited++) await delay(20);
      expect(processesMarked(mark).map(describeProcess)).toEqual([]);
    }
  });
});

function run(prefix: readonly string[], args: readonly string[]): SpawnSyncReturns<string> {
  const [command = "", ...rest] = [...prefix, process.execPath, ...args];
  return spawnSync(command, rest, { encoding: "utf8", env: { PATH: process.env.PATH }, maxBuffer: 16 * 1024 * 1024 });
}
