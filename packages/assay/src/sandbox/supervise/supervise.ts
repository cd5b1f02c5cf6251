import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Termination } from "@assay/sdk";
import type { Limits } from "#domain";
import type { CapturedOutput } from "#ports";
import type { Guard } from "./guard.ts";
import { OutputCapture } from "./output-capture.ts";
import type { ProcessTree, TreeOf } from "./process-tree.ts";

export type Command = { file: string; args: readonly string[]; env: Readonly<Record<string, string>>; cwd?: string };

export type Exit = { code: number | null; signal: NodeJS.Signals | null; stderr: string; status: string };

export type Supervision = {
  command: Command;
  limits: Limits;
  /** Written and closed; `undefined` leaves stdin open for a session. */
  stdin: string | undefined;
  signal: AbortSignal | undefined;
  treeOf: TreeOf;
  guards: readonly Guard[];
  /** Every chunk from descriptor 3. */
  onChannel(chunk: Buffer, channel: Readable): void;
  /** Every chunk from descriptor 4, where a launcher tells its progress. */
  onStatus(chunk: Buffer): void;
  /** How the command ended when nobody here ended it. */
  interpret(exit: Exit): Termination;
};

export type Ended = { termination: Termination; stdout: CapturedOutput; stderr: CapturedOutput; durationMs: number };

export type Supervised = {
  stdin: Writable;
  channel: Readable;
  /** Ends it for `cause` unless it was ended for another one before. */
  stop(cause: Termination): void;
  /** Never rejects. */
  ended: Promise<Ended>;
};

const pollMs = 200;
/** After everything in the tree is gone its pipes are empty within microseconds; more means that a descriptor leaked out. */
const drainMsMax = 2_000;

/** Starts a command in a process group of its own and sees it to its end: the first cause wins. Throws only if nothing could be spawned. */
export function supervise(supervision: Supervision): Supervised {
  const { command, limits, signal, guards } = supervision;
  const started = performance.now();
  const child = spawn(command.file, command.args, {
    env: { ...command.env },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    detached: true,
    stdio: ["pipe", "pipe", "pipe", "pipe", "pipe"],
  });
  const tree: ProcessTree = supervision.treeOf(child);
  const [stdin, stdout, stderr, channel, status] = child.stdio as unknown as [
    Writable,
    Readable,
    Readable,
    Readable,
    Readable,
  ];
  const captured = { stdout: new OutputCapture(), stderr: new OutputCapture() };
  let statusText = "";
  let cause: Termination | undefined;

  const stop = (why: Termination) => {
    cause ??= why;
    tree.kill();
  };
  const capture = (stream: Readable, into: OutputCapture) =>
    stream.on("data", (chunk: Buffer) => {
      into.add(chunk);
      if (into.totalBytes > limits.outputBytesMax) stop({ kind: "limited", by: "output" });
    });
  capture(stdout, captured.stdout);
  capture(stderr, captured.stderr);
  channel.on("data", (chunk: Buffer) => supervision.onChannel(chunk, channel));
  status.on("data", (chunk: Buffer) => {
    if (statusText.length < statusCharactersMax) statusText += chunk.toString("utf8");
    supervision.onStatus(chunk);
  });
  // A command that ends or closes a descriptor early breaks our end of it: that is its right, not our failure.
  for (const stream of [stdin, stdout, stderr, channel, status]) stream.on("error", () => undefined);
  if (supervision.stdin !== undefined) stdin.end(supervision.stdin);

  const clock = setTimeout(
    () => stop({ kind: "timed-out", wallMsMax: limits.wallMsMax }),
    Math.min(limits.wallMsMax, timerMsMax),
  );
  const poll = setInterval(() => {
    let members: number[] | undefined;
    for (const guard of guards) {
      const reason = guard.check(() => (members ??= tree.members(membersMax)));
      if (reason !== undefined) return stop(reason);
    }
  }, pollMs);
  const onAbort = () => stop({ kind: "cancelled" });
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });

  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null; error?: Error }>((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, error }));
    child.once("exit", (code, by) => resolve({ code, signal: by }));
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));

  const finish = async (): Promise<Ended> => {
    const { code, signal: by, error } = await exit;
    clearTimeout(clock);
    clearInterval(poll);
    signal?.removeEventListener("abort", onAbort);
    await tree.sweep();
    const draining = new AbortController();
    await Promise.race([closed, delay(error === undefined ? drainMsMax : 0, undefined, { signal: draining.signal })]);
    draining.abort();
    for (const stream of [stdin, stdout, stderr, channel, status]) stream.destroy();
    const outputs = { stdout: captured.stdout.finish(), stderr: captured.stderr.finish() };
    const byKernel = guards.map((guard) => guard.causeOfEnd()).find((reason) => reason !== undefined);
    const termination: Termination =
      cause ??
      byKernel ??
      (error === undefined
        ? supervision.interpret({ code, signal: by, stderr: outputs.stderr.text, status: statusText })
        : { kind: "sandbox-fault", message: error.message });
    return { termination, ...outputs, durationMs: performance.now() - started };
  };
  return { stdin, channel, stop, ended: finish() };
}

const statusCharactersMax = 64 * 1024;
const membersMax = 10_000;
/** Longer delays than this overflow setTimeout and fire at once. */
const timerMsMax = 2 ** 31 - 1;
