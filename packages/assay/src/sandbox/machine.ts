import type { Isolation } from "@assay/sdk";
import type { Controllers } from "./cgroup/controller.ts";
import type { RuntimeDirectory } from "./runtime-directory.ts";

/** What this machine can do for a sandbox, found once per process. */
export type Machine = {
  runtime: RuntimeDirectory;
  /** Whether this process is the real root, which must not run bubblewrap itself. */
  asRoot: boolean;
  /** The uid and gid of sandboxed code, on the host and inside. */
  sandboxUid: number;
  bubblewrapVersion: string;
  rootArguments: readonly string[];
  /** An assembled filter, ready for `bwrap --seccomp`. */
  seccompFile: string;
  controllers: Controllers;
  memory: Isolation["memory"];
  processes: Isolation["processes"];
};
