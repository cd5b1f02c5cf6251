import type { WorkerView } from "@assay/sdk";
import type { ApiKeys, MutationLog } from "#ports";
import type { Supervisor } from "../supervisor/supervisor.ts";

/** The desk that workers talk to, as people see it. */
export type WorkerOffice = {
  views(tenant: string): Promise<WorkerView[]>;
  /** `undefined`: the tenant has no such worker. */
  view(tenant: string, worker: string): Promise<WorkerView | undefined>;
  /** Shuts a worker out at once: its claims are void, its connections are told. `undefined`: the tenant has no such worker. */
  revoke(tenant: string, worker: string, because: string): Promise<WorkerView | undefined>;
  /** Halts what all workers do, until `lift`. */
  stop(reason: string): Promise<void>;
  lift(): void;
};

/** What the handlers answer from. */
export type HandlerParts = {
  supervisor: Supervisor;
  keys: ApiKeys;
  mutations: MutationLog;
  /** Absent where no workers are served. */
  workers?: WorkerOffice;
  /** Prometheus' text format. */
  metrics: () => Promise<string>;
  version: string;
  startedAt: number;
  /** Milliseconds since the Unix epoch. */
  now: () => number;
  /** What was begun with a key ends with it. */
  onKeyRevoked?: (keyId: string) => void;
  /** Whether it is on its way down. */
  stopping: () => boolean;
};
