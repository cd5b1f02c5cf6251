/** Of observations that a test makes up. */
export const madeUpIsolation = {
  kind: "bubblewrap",
  uid: 65534,
  network: "none",
  seccomp: true,
  memory: "watchdog",
  processes: "rlimit",
  workspace: "overlay",
} as const;
