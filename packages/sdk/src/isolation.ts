import { z } from "zod";

/** What separated the executed code from this machine; stated on every verdict. */
export const isolationSchema = z.object({
  /** `namespaces`: a clone of a warm process inside bubblewrap; `none` only with `--unsafe-no-sandbox`. */
  kind: z.enum(["bubblewrap", "namespaces", "container", "wasm", "none"]),
  version: z.string().optional(),
  /** The user the code ran as, on the host. */
  uid: z.int(),
  network: z.enum(["none", "host"]),
  seccomp: z.boolean(),
  memory: z.enum(["cgroup-v2", "cgroup-v1", "watchdog", "none"]),
  processes: z.enum(["cgroup-v2", "cgroup-v1", "rlimit", "watchdog", "none"]),
  workspace: z.enum(["overlay", "reflink", "hardlink", "copy"]),
});
export type Isolation = z.infer<typeof isolationSchema>;

/**
 * How far a pass can be trusted, weakest first. `in-process`: tests shared a process with the candidate;
 * `controlled`: the same with negative controls; `out-of-process`: tests ran in a process of their own.
 */
export const verdictLevelSchema = z.enum(["in-process", "controlled", "out-of-process"]);
export type VerdictLevel = z.infer<typeof verdictLevelSchema>;
