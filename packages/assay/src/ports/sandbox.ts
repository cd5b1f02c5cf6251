import type { Fault, Isolation, Termination } from "@assay/sdk";
import type { Limits } from "#domain";

/**
 * Bound read-only at the same absolute path as on the host unless `target` is given. A folder, a file, or a Unix socket: what listens there
 * is all that the command can reach outside, for it has no network.
 */
export type ReadOnlyMount = { source: string; target?: string };

/**
 * The files a command works on, appearing writable at `target`.
 * `layers` are host directories, the first one on top; none of them is ever written: what the command writes goes to
 * a tmpfs of `diskBytesMax` that vanishes with it (method `overlay`), or to `directory`, a copy of the layers' union
 * that the workspace made because this machine has no overlay.
 */
export type WorkspaceMount = { target: string } & (
  | { method: "overlay"; layers: readonly string[]; removed: readonly string[] }
  | { method: "reflink" | "hardlink" | "copy"; directory: string }
);

export type ExecutionRequest = {
  /** Looked up in `env.PATH` inside the sandbox. */
  argv: readonly [string, ...string[]];
  /** Absolute, inside the sandbox. */
  cwd: string;
  /** The whole environment: nothing is inherited. */
  env: Readonly<Record<string, string>>;
  workspace?: WorkspaceMount;
  mounts: readonly ReadOnlyMount[];
  limits: Limits;
  /** Paths of the workspace, relative to it, that should stay as they are: `written` tells which did not. */
  watched?: readonly string[];
  /**
   * Whether the command may make namespaces of its own: for a warm process of ours that clones itself into fresh ones and sets
   * the seccomp filter there, last, from the file at `nestedFilterPath`. The launch itself then sets none. Default: it may not.
   */
  mayNest?: boolean;
  /** Written to stdin, then closed. Default: empty. */
  stdin?: string;
  signal?: AbortSignal;
};

/** Output with its middle left out when it was longer than `outputBytesKept`. */
export type CapturedOutput = { text: string; totalBytes: number; truncated: boolean };

export type Execution = {
  termination: Termination;
  stdout: CapturedOutput;
  stderr: CapturedOutput;
  /** What the command wrote to the channel on file descriptor 3 (UTF-8 lines), at most `channelBytesMax`, whole lines only. */
  channel: string[];
  /**
   * Watched paths that the command wrote, replaced or removed, even if it put them back; a folder above one that became a link
   * ends in `/`. Only told for an overlay workspace and a command that ended by itself; else empty.
   */
  written: string[];
  durationMs: number;
  isolation: Isolation;
};

/** A command that stays alive and is talked to in lines: written to its stdin, read from its descriptor 3. */
export interface SandboxSession extends AsyncDisposable {
  readonly isolation: Isolation;
  /** Rejects never; a dead session swallows it and `lines` ends. */
  send(line: string): void;
  /** Lines from descriptor 3, each at most 16 MiB; ends when the command ends. */
  readonly lines: AsyncIterable<string>;
  /** Settles when the command and everything it started is gone. */
  readonly ended: Promise<Omit<Execution, "channel" | "written">>;
}

export type SandboxProbe =
  | { kind: "available"; isolation: Isolation; notes: string[] }
  /** Nothing untrusted may run here. */
  | { kind: "unavailable"; fault: Fault };

/**
 * The isolation boundary.
 * - Fails closed: without isolation `execute` returns the termination `sandbox-fault`, never runs the command.
 * - Empty environment, no network, read-only minimal root, unprivileged uid, no new privileges, seccomp.
 * - When the termination is known, every process of the command is gone, whatever it did to survive.
 * - Never throws for what the command does.
 */
export interface Sandbox {
  probe(): Promise<SandboxProbe>;
  execute(request: ExecutionRequest): Promise<Execution>;
  open(request: ExecutionRequest): Promise<SandboxSession>;
}

/** Where a command that may nest finds the seccomp filter it has to set: an array of struct sock_filter. */
export const nestedFilterPath = "/assay-seccomp.bpf";

/** Bytes accepted from descriptor 3 in one `execute`. */
export const channelBytesMax = 64 * 1024 * 1024;

/**
 * The uid (and gid) sandboxed code has on the host when Assay itself runs as root: files it may write belong to it.
 * An ordinary user's sandbox keeps that user's own uid.
 */
export const unprivilegedUid = 65534;
