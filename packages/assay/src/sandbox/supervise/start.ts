import type { Isolation } from "@assay/sdk";
import { channelBytesMax, type Execution, type ExecutionRequest, type SandboxSession } from "#ports";
import { LineQueue } from "./line-queue.ts";
import { LineSplitter } from "./line-splitter.ts";
import { type Supervision, supervise } from "./supervise.ts";

/** A launch that is ready to be supervised; `release` gives back what it holds outside its processes, and never rejects. */
export type Prepared = Omit<Supervision, "limits" | "stdin" | "signal" | "onChannel"> & {
  isolation: Isolation;
  /** What `Execution.written` is to say, asked when the command has ended. */
  written(): string[];
  release(): Promise<void>;
};

/** Of one line that a session reads. */
const sessionLineBytesMax = 16 * 1024 * 1024;
/** Characters read ahead of a session's consumer before the command has to wait. */
const readAheadMax = 4 * 1024 * 1024;

/** Runs a prepared launch to its end. */
export async function runToEnd(prepared: Prepared, request: ExecutionRequest): Promise<Execution> {
  const channel: string[] = [];
  const splitter = new LineSplitter(channelBytesMax);
  let bytes = 0;
  try {
    const running = supervise({
      ...prepared,
      limits: request.limits,
      stdin: request.stdin ?? "",
      signal: request.signal,
      onChannel(chunk) {
        if (bytes >= channelBytesMax) return;
        const accepted = chunk.subarray(0, channelBytesMax - bytes);
        bytes += accepted.length;
        channel.push(...splitter.add(accepted));
      },
    });
    const end = await running.ended;
    return { ...end, channel, written: prepared.written(), isolation: prepared.isolation };
  } finally {
    // The result does not wait for folders to be removed.
    void prepared.release();
  }
}

/** Keeps a prepared launch alive and talks with it in lines. */
export function openSession(prepared: Prepared, request: ExecutionRequest): SandboxSession {
  const splitter = new LineSplitter(sessionLineBytesMax);
  const running = supervise({
    ...prepared,
    limits: request.limits,
    stdin: undefined,
    signal: request.signal,
    onChannel(chunk, channel) {
      for (const line of splitter.add(chunk)) queue.push(line);
      if (splitter.overlong) running.stop({ kind: "limited", by: "output" });
      else if (queue.waiting > readAheadMax) channel.pause();
    },
  });
  const queue = new LineQueue(() => running.channel.resume());
  if (request.stdin !== undefined) running.stdin.write(request.stdin);
  const ended = running.ended.then((end) => {
    queue.end();
    void prepared.release();
    return { ...end, isolation: prepared.isolation };
  });
  return {
    isolation: prepared.isolation,
    lines: queue,
    ended,
    send(line) {
      if (running.stdin.writable) running.stdin.write(`${line}\n`);
    },
    async [Symbol.asyncDispose]() {
      running.stop({ kind: "cancelled" });
      await ended;
    },
  };
}
