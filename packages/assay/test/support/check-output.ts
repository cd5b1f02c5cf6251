import type { CheckOutput, TestOutcome } from "@assay/sdk";
import type { RegisteredWorker } from "#ports";

export const strongIsolation = {
  kind: "bubblewrap",
  uid: 1000,
  network: "none",
  seccomp: true,
  memory: "cgroup-v2",
  processes: "cgroup-v2",
  workspace: "overlay",
} as const;

/** What a tester reports of a suite of one test. */
export function checkOutputOf(
  outcome: TestOutcome,
  { test = "a", file = "t.py", ...changes }: Partial<CheckOutput> & { test?: string; file?: string } = {},
): CheckOutput {
  return {
    version: 1,
    kind: "check",
    report: {
      runner: "pytest",
      collected: [test],
      results: [{ id: test, file, outcome, durationMs: 1 }],
      collectionErrors: [],
      complete: true,
    },
    termination: { kind: "exited", code: 0 },
    isolation: strongIsolation,
    level: "in-process",
    written: [],
    stdout: "",
    stderr: "",
    durationMs: 5,
    ...changes,
  };
}

export function registeredTester(changes: Partial<RegisteredWorker> = {}): RegisteredWorker {
  return {
    id: "w1",
    name: "w",
    role: "tester",
    capabilities: [],
    publicKey: "",
    attest: false,
    registeredAt: 0,
    lastSeenAt: 0,
    done: 0,
    failed: 0,
    reexecuted: { agreed: 0, differed: 0 },
    ...changes,
  };
}
