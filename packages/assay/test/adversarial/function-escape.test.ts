import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFunctionOracle } from "#oracle";
import type { FunctionObservation, FunctionOracle } from "#ports";
import { openSandbox } from "#sandbox";
import { processesMarked } from "../support/sandbox-attacks.ts";
import { attackingCandidate } from "./support/function-attacks.ts";
import { functionCheckLimits } from "./support/judge-function.ts";

let oracle: FunctionOracle | undefined;
let cannot = "";
let folder = "";
let server: Server;
let victim: ChildProcess;
const received: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-escape-"));
  await writeFile(join(folder, "secret"), "the host's secret");
  server = createServer((socket) => {
    received.push("a connection");
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  victim = spawn(process.execPath, ["-e", "setTimeout(() => {}, 120_000)"], { stdio: "ignore" });
  try {
    const { sandbox } = await openSandbox({ unsafe: false });
    oracle = await openFunctionOracle(sandbox, { language: "python", workers: 1 });
  } catch (error) {
    cannot = `needs a sandbox: ${(error as Error).message}`;
  }
});
afterAll(async () => {
  await oracle?.[Symbol.asyncDispose]();
  victim.kill("SIGKILL");
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const mebibyte = 1024 * 1024;
const check = (source: string, tests: string, limits = functionCheckLimits): Promise<FunctionObservation> => {
  if (oracle === undefined) throw new Error("no oracle");
  return oracle.check({
    language: "python",
    candidate: source,
    entryPoint: "attack",
    preamble: "",
    tests,
    limits,
  });
};
/** Holds only if the attack went to its end and had no success. */
const contained = (args: readonly string[]) =>
  `def check(attack):\n    assert attack(${JSON.stringify(args)}) == ["DONE"], attack(${JSON.stringify(args)})\n`;

const attacks: [string, string, () => string[]][] = [
  ["reaches no network", "network.py", () => [String((server.address() as { port: number }).port)]],
  ["reads no host file", "files.py", () => [join(folder, "secret")]],
  ["gets no namespace, mount, trace, keyring or io_uring", "kernel.py", () => []],
  ["reaches nothing by UDP, DNS or Unix sockets", "sockets.py", () => ["9", join(folder, "none.sock"), "none"]],
  ["signals no process of the host", "signals.py", () => [String(victim.pid)]],
  ["sees no process and writes no setting of the host", "processes.py", () => ["none"]],
  ["finds nothing of an earlier candidate", "neighbour.py", () => ["look", "kram"]],
];

describe("a function under test", () => {
  for (const [title, file, args] of attacks) {
    test(title, async (context) => {
      if (oracle === undefined) return context.skip(cannot);
      if (file === "neighbour.py")
        await check(attackingCandidate(file), 'def check(attack):\n    attack(["plant", "mark"])\n');
      const { outcome } = await check(attackingCandidate(file), contained(args()));
      expect(outcome).toEqual({ kind: "passed" });
      expect(received).toEqual([]);
      expect(victim.exitCode ?? victim.signalCode).toBe(null);
    });
  }

  const ends: [string, string, string[], FunctionObservation["outcome"]["kind"][]][] = [
    ["is ended when it stops its own clock", "clock.py", [], ["timed-out"]],
    ["is ended for memory held in many processes", "memory.py", [], ["out-of-memory"]],
  ];
  for (const [title, file, args, kinds] of ends) {
    test(title, async (context) => {
      if (oracle === undefined) return context.skip(cannot);
      const limits = { ...functionCheckLimits, memoryBytesMax: 128 * mebibyte };
      const { outcome } = await check(attackingCandidate(file), contained(args), limits);
      expect(kinds, JSON.stringify(outcome)).toContain(outcome.kind);
    });
  }

  test("ends nobody but itself by signals", async (context) => {
    if (oracle === undefined) return context.skip(cannot);
    const source =
      "import os\n\n\ndef attack(number):\n    os.kill(os.getppid(), number)\n    os.kill(-1, number)\n    return 1\n";
    for (const number of [9, 15, 19]) {
      const { outcome } = await check(source, `def check(attack):\n    assert attack(${number}) == 2\n`);
      expect(outcome.kind, JSON.stringify(outcome)).toMatch(/failed|crashed|timed-out/);
    }
  });

  test("leaves no process behind", async (context) => {
    if (oracle === undefined) return context.skip(cannot);
    const mark = `function-survivor-${process.pid}`;
    const source = `import os, sys
def attack(mark):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(60)", mark])
        os._exit(0)
    os.wait()
    return True
`;
    const { outcome } = await check(source, `def check(attack):\n    assert attack(${JSON.stringify(mark)})\n`);
    expect(outcome).toEqual({ kind: "passed" });
    await delay(300);
    expect(processesMarked(mark)).toEqual([]);
  });

  test("cannot keep the next one from its verdict", async (context) => {
    if (oracle === undefined) return context.skip(cannot);
    const { outcome } = await check(
      "def attack(x):\n    return x + 1\n",
      "def check(attack):\n    assert attack(1) == 2\n",
    );
    expect(outcome).toEqual({ kind: "passed" });
  });
});
