import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Termination } from "@assay/sdk";
import type { Limits } from "#domain";
import type { CapturedOutput } from "#ports";
import type { Guard } from "./guard.ts";
import { OutputCapture } from "./output-capture.ts";
import type { ProcessTree } from "./process-tree.ts";
import type { StartedProcess } from "./start-process.ts";

export type Exit = {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
  status: string;
  /** What matched `launcherNoise`. */
  noise: string;
};

export type Supervision = {
  process: StartedProcess;
  limits: Limits;
  /** Written and closed; `undefined` leaves stdin open for a session. */
  stdin: string | undefined;
  signal: AbortSignal | undefined;
  tree: ProcessTree;
  guards: readonly Guard[];
  /** Every chunk from descriptor 3. */
  onChannel(chunk: Buffer, channel: Readable): void;
  /** Every chunk from descriptor 4, where a launcher tells its progress. */
  onStatus(chunk: Buffer): void;
  /** The line that the launcher itself prints to stderr at its end; it is not the command's. */
  launcherNoise?: RegExp;
  /** How the command ended when nobody here ended it. */
  interpret(exit: Exit): Termination;
};

export type Ended = { termination: Termination; stdout: CapturedOutput; stderr: CapturedOutput; durationMs: number };

export type Supervised = {
  stdin: Writable;
  channel: Readable;
  /** Ends it for `cause` unless it was ended for another one before. Once it has ended this does nothing, whatever has its pids by then. */
  stop(cause: Termination): void;
  /** Never rejects. */
  ended: Promise<Ended>;
};

const pollMs = 200;
/** After everything in the tree is gone its pipes are empty within microseconds; more means that a descriptor leaked out. */
const drainMsMax = 2_000;

/** Sees a started command to its end: the first cause wins. */
export function supervise(supervision: Supervision): Supervised {
  const { limits, signal, guards, tree } = supervision;
  const { stdin, stdout, stderr, channel, status, control, end, closed } = supervision.process;
  const started = performance.now();
  const captured = { stdout: new OutputCapture(), stderr: new OutputCapture() };
  let statusText = "";
  let cause: Termination | undefined;
  let swept = false;

  const stop = (why: Termination) => {
    if (swept) return;
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

  const finish = async (): Promise<Ended> => {
    const { code, signal: by, error } = await end;
    clearTimeout(clock);
    clearInterval(poll);
    signal?.removeEventListener("abort", onAbort);
    await tree.sweep();
    swept = true;
    // A reader that lags must not lose what is still in the pipe; that is bounded by the pipe now.
    channel.on("pause", () => channel.resume()).resume();
    const draining = new AbortController();
    await Promise.race([closed, delay(error === undefined ? drainMsMax : 0, undefined, { signal: draining.signal })]);
    draining.abort();
    for (const stream of [stdin, stdout, stderr, channel, status, control]) stream.destroy();
    const printed = captured.stderr.finish();
    const noise = supervision.launcherNoise?.exec(printed.text)?.[0] ?? "";
    const outputs = { stdout: captured.stdout.finish(), stderr: withoutNoise(printed, noise) };
    const byKernel = guards.map((guard) => guard.causeOfEnd()).find((reason) => reason !== undefined);
    const termination: Termination =
      cause ??
      byKernel ??
      (error === undefined
        ? supervision.interpret({ code, signal: by, stderr: outputs.stderr.text, status: statusText, noise })
        : { kind: "sandbox-fault", message: error.message });
    return { termination, ...outputs, durationMs: performance.now() - started };
  };
  return { stdin, channel, stop, ended: finish() };
}

function withoutNoise(output: CapturedOutput, noise: string): CapturedOutput {
  if (noise === "" || !output.text.endsWith(noise)) return output;
  return {
    ...output,
    text: output.text.slice(0, -noise.length),
    totalBytes: output.totalBytes - Buffer.byteLength(noise),
  };
}

const statusCharactersMax = 64 * 1024;
const membersMax = 10_000;
/** Longer delays than this overflow setTimeout and fire at once. */
const timerMsMax = 2 ** 31 - 1;
