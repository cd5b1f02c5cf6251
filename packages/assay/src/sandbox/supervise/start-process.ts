import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readdirSync, readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";

export type Command = { file: string; args: readonly string[]; env: Readonly<Record<string, string>>; cwd?: string };

export type ProcessEnd = { code: number | null; signal: NodeJS.Signals | null; error?: Error };

/** A child in a process group of its own, with pipes on descriptors 0 to 5, that may end before anybody looks. */
export type StartedProcess = {
  child: ChildProcess;
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** Descriptor 3: what the command says to us. */
  channel: Readable;
  /** Descriptor 4: what a launcher says to us. */
  status: Readable;
  /** Descriptor 5: what we say to a launcher. */
  control: Writable;
  /** Settles when the first process has ended; never rejects. */
  end: Promise<ProcessEnd>;
  /** Settles when nobody holds the pipes any more. */
  closed: Promise<void>;
};

const pipes = 6;

/** Starts a program that gets nothing of ours but its six pipes. Never throws for a program that cannot be started: see `end`. */
export function startProcess(command: Command): StartedProcess {
  const child = spawn(command.file, command.args, {
    env: { ...command.env },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    detached: true,
    stdio: [...Array.from({ length: pipes }, () => "pipe" as const), ...inheritedReplacements()],
  });
  const end = new Promise<ProcessEnd>((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, error }));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const streams = child.stdio as unknown as [Writable, Readable, Readable, Readable, Readable, Writable];
  // A program that ends or closes a descriptor early breaks our end of it: that is its right, not our failure.
  for (const stream of streams.slice(0, pipes)) stream.on("error", () => undefined);
  const [stdin, stdout, stderr, channel, status, control] = streams;
  return { child, stdin, stdout, stderr, channel, status, control, end, closed };
}

let replacements: ("ignore" | number)[] | undefined;

/**
 * Node's own descriptors close on exec, but one that this process inherited from its parent without that mark would reach
 * the child: `/dev/null` takes its place. Looked up once, for nothing can be inherited later.
 */
function inheritedReplacements(): readonly ("ignore" | number)[] {
  if (replacements !== undefined) return replacements;
  const leaking = openDescriptors().filter((descriptor) => descriptor >= pipes && !closesOnExec(descriptor));
  const last = Math.min(descriptorsMax, Math.max(pipes - 1, ...leaking));
  const devNull = leaking.length > 0 ? openSync("/dev/null", "r") : 0;
  replacements = Array.from({ length: last + 1 - pipes }, (_, index) =>
    leaking.includes(index + pipes) ? devNull : "ignore",
  );
  return replacements;
}

const descriptorsMax = 4096;
const closeOnExecFlag = 0o2000000;

function openDescriptors(): number[] {
  try {
    return readdirSync("/proc/self/fd").map(Number);
  } catch {
    // No /proc on this system; no sandbox either.
    return [];
  }
}

function closesOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1];
    return flags === undefined || (Number.parseInt(flags, 8) & closeOnExecFlag) !== 0;
  } catch {
    // Closed since: it was the listing's own.
    return true;
  }
}
