import type { ReleaseReason, TaskKind, ViolationKind, WorkerRole, WorkerState } from "@assay/sdk";
import { raise } from "#domain";
import * as wire from "#wire";

const roles: Readonly<Record<number, WorkerRole>> = {
  [wire.Role.ANALYZER]: "analyzer",
  [wire.Role.CODER]: "coder",
  [wire.Role.TESTER]: "tester",
};
const states: Readonly<Record<number, WorkerState>> = {
  [wire.State.IDLE]: "idle",
  [wire.State.RECEIVE]: "receive",
  [wire.State.PLAN]: "plan",
  [wire.State.EXECUTE]: "execute",
  [wire.State.REPORT]: "report",
};
const outcomes: Readonly<Record<number, "done" | "failed">> = {
  [wire.Outcome.DONE]: "done",
  [wire.Outcome.FAILED]: "failed",
};
const releaseReasons: Readonly<Record<number, ReleaseReason>> = {
  [wire.ReleaseReason.RETURNED]: "returned",
  [wire.ReleaseReason.FAILED]: "failed",
  [wire.ReleaseReason.STOPPED]: "stopped",
};
const violationKinds: Readonly<Record<number, ViolationKind>> = {
  [wire.ViolationKind.TEST_RESULT]: "test-result",
  [wire.ViolationKind.BUILD]: "build",
  [wire.ViolationKind.LOCK]: "lock",
  [wire.ViolationKind.CAPABILITY]: "capability",
  [wire.ViolationKind.RESOURCE]: "resource",
  [wire.ViolationKind.FLAKE]: "flake",
};

/** What the numbers of the protocol mean; each throws `usage` for one that means nothing. */
export const meaning = {
  role: reader("role", roles),
  state: reader("state", states),
  outcome: reader("outcome", outcomes),
  releaseReason: reader("reason", releaseReasons),
  violationKind: reader("kind", violationKinds),
};

export const wireTaskKind: Readonly<Record<TaskKind, wire.TaskKind>> = {
  propose: wire.TaskKind.PROPOSE,
  check: wire.TaskKind.CHECK,
  analyze: wire.TaskKind.ANALYZE,
};

function reader<T>(field: string, table: Readonly<Record<number, T>>): (value: number) => T {
  return (value) =>
    table[value] ?? raise("usage", `the call has no ${field} that is known`, "see worker.proto for them");
}
