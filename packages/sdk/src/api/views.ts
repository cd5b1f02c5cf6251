import { z } from "zod";
import { digestSchema } from "../digest.ts";
import { runEventSchema } from "../event.ts";
import { faultSchema } from "../fault.ts";
import { goalSchema } from "../goal.ts";
import { artifactKindSchema, resultSchema, runOutcomeSchema } from "../result.ts";
import { releaseReasonSchema, taskKindSchema, workerRoleSchema } from "../task.ts";
import { scopeSchema } from "./scope.ts";

/** Milliseconds since the Unix epoch. */
const time = z.number();

/** RFC 9457, with the fault that it is about. */
export const problemSchema = z.object({
  /** `urn:assay:fault:CODE`. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** The request's id, as in the logs. */
  instance: z.string(),
  code: z.string(),
  /** What to do. */
  remedy: z.string().optional(),
  /** Of bad input: where, and what is wrong. */
  errors: z.array(z.object({ at: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    /** Give it as `cursor` for what follows; absent on the last page. */
    next: z.string().optional(),
  });
}

/** `queued`: waits for its turn; `interrupted`: its process is gone, and it will be taken up again. */
export const runStatusSchema = z.enum([
  "queued",
  "running",
  "interrupted",
  "paused",
  "finished",
  "cancelled",
  "unreadable",
]);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const runViewSchema = z.object({
  run: z.string(),
  /** The run that it is a part of. */
  partOf: z.string().optional(),
  workflow: z.string().optional(),
  status: runStatusSchema,
  outcome: runOutcomeSchema.optional(),
  summary: z.string(),
  startedAt: time,
  lastEventAt: time,
  events: z.int(),
  /** What is going on, for a person; only while it runs here. */
  now: z.string().optional(),
});
export type RunView = z.infer<typeof runViewSchema>;

const amounts = z.record(z.string(), z.number());

export const budgetViewSchema = z.object({ run: z.string(), total: amounts, spent: amounts, remaining: amounts });
export type BudgetView = z.infer<typeof budgetViewSchema>;

export const runDetailSchema = runViewSchema.extend({
  goal: goalSchema.optional(),
  owner: z.string().optional(),
  fault: faultSchema.optional(),
  result: resultSchema.optional(),
  budget: budgetViewSchema,
  steps: z.array(z.object({ key: z.string(), durationMs: z.number(), seq: z.int() })),
  forkedFrom: z.object({ run: z.string(), step: z.string() }).optional(),
  children: z.array(z.string()),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

export const goalViewSchema = z.object({
  /** Digest of the goal in canonical JSON. */
  id: digestSchema,
  goal: goalSchema,
  runs: z.array(z.object({ run: z.string(), status: runStatusSchema, outcome: runOutcomeSchema.optional() })),
});
export type GoalView = z.infer<typeof goalViewSchema>;

export const taskStatusSchema = z.enum(["waiting", "queued", "claimed", "done", "failed", "skipped"]);
export type TaskStatus = z.infer<typeof taskStatusSchema>;

export const taskViewSchema = z.object({
  run: z.string(),
  task: z.string(),
  title: z.string().optional(),
  phase: z.int().optional(),
  kind: taskKindSchema.optional(),
  role: workerRoleSchema.optional(),
  status: taskStatusSchema,
  dependsOn: z.array(z.string()),
  /** A run of its own does it. */
  child: z.string().optional(),
  detail: z.string().optional(),
  output: digestSchema.optional(),
  attempts: z.array(
    z.object({
      attempt: z.int(),
      worker: z.string(),
      token: z.int(),
      claimedAt: time,
      endedAt: time.optional(),
      ended: z.union([releaseReasonSchema, z.enum(["done", "failed"])]).optional(),
      detail: z.string().optional(),
    }),
  ),
});
export type TaskView = z.infer<typeof taskViewSchema>;

/** Where a worker stands in its cycle. */
export const workerStateSchema = z.enum(["idle", "receive", "plan", "execute", "report"]);
export type WorkerState = z.infer<typeof workerStateSchema>;

export const workerViewSchema = z.object({
  worker: z.string(),
  name: z.string(),
  role: workerRoleSchema,
  capabilities: z.array(z.string()),
  state: workerStateSchema,
  /** `away`: nothing was heard of it for longer than its heartbeats allow. */
  status: z.enum(["here", "away", "revoked"]),
  /** Its results count as evidence, but for the sample that is done again. */
  attest: z.boolean(),
  registeredAt: time,
  lastSeenAt: time,
  claims: z.array(z.object({ run: z.string(), task: z.string(), token: z.int() })),
  done: z.int(),
  failed: z.int(),
  /** Of its executions that were done again: how many agreed, how many did not. */
  reexecuted: z.object({ agreed: z.int(), differed: z.int() }),
  revokedBecause: z.string().optional(),
});
export type WorkerView = z.infer<typeof workerViewSchema>;

export const circuitLevelSchema = z.enum(["step", "worker", "system"]);
export type CircuitLevel = z.infer<typeof circuitLevelSchema>;
export const circuitStateSchema = z.enum(["closed", "half-open", "open"]);

export const circuitChangeSchema = z.object({
  /** `step:KIND`, `worker:ID` or `system`. */
  circuit: z.string(),
  from: circuitStateSchema,
  to: circuitStateSchema,
  reason: z.string(),
  at: time,
  /** Who closed it by hand. */
  by: z.string().optional(),
});
export type CircuitChange = z.infer<typeof circuitChangeSchema>;

export const circuitViewSchema = z.object({
  circuit: z.string(),
  level: circuitLevelSchema,
  state: circuitStateSchema,
  /** In a row. */
  failures: z.int(),
  retryAt: time.optional(),
  since: time.optional(),
});
export type CircuitView = z.infer<typeof circuitViewSchema>;

export const approvalViewSchema = z.object({
  run: z.string(),
  askedAt: time,
  summary: z.string(),
  patch: digestSchema.optional(),
});
export type ApprovalView = z.infer<typeof approvalViewSchema>;

export const artifactViewSchema = z.object({
  kind: artifactKindSchema,
  /** File name within the run's artifacts. */
  name: z.string(),
  digest: digestSchema.optional(),
  bytes: z.int().optional(),
  /** On the daemon's machine. */
  path: z.string(),
});
export type ArtifactView = z.infer<typeof artifactViewSchema>;

export const verificationSchema = z.object({
  outcome: z.enum(["matches", "does-not-match", "signer-unknown"]),
  summary: z.string(),
  checks: z.array(z.object({ check: z.string(), status: z.enum(["ok", "failed", "unknown"]), detail: z.string() })),
});
export type Verification = z.infer<typeof verificationSchema>;

export const apiKeyViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  tenant: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: time,
  expiresAt: time.optional(),
  revokedAt: time.optional(),
  lastUsedAt: time.optional(),
  /** The ID of the key that made it; absent where nobody wrote that down. */
  madeBy: z.string().optional(),
});
export type ApiKeyView = z.infer<typeof apiKeyViewSchema>;

export const revokedKeySchema = apiKeyViewSchema.extend({
  /** IDs of the keys that it made, and of those that they made: void with it, of whatever tenant. */
  alsoRevoked: z.array(z.string()),
});
export type RevokedKey = z.infer<typeof revokedKeySchema>;

/** One mutation: who asked for what, and what came of it. */
export const auditRecordSchema = z.object({
  seq: z.int(),
  at: time,
  tenant: z.string(),
  /** Id of the key, never the key. */
  key: z.string(),
  operation: z.string(),
  /** Path without the query. */
  target: z.string(),
  /** 0: it was begun, and what came of it could not be written down, or not yet. */
  status: z.int(),
  request: z.string(),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;

export const healthSchema = z.object({
  status: z.enum(["ok", "degraded", "stopping"]),
  version: z.string(),
  uptimeMs: z.number(),
  project: z.string(),
  runs: z.object({ running: z.int(), queued: z.int() }),
  workers: z.object({ here: z.int(), away: z.int() }),
  tasks: z.object({ queued: z.int(), claimed: z.int() }),
  circuits: z.object({ closed: z.int(), halfOpen: z.int(), open: z.int() }),
  emergencyStop: z.boolean(),
  /** What is not as it should be. */
  problems: z.array(z.string()),
});
export type Health = z.infer<typeof healthSchema>;

/** An event with its place among those of all runs of the project. */
export const positionedEventSchema = z.object({ position: z.int().min(1), event: runEventSchema });
export type PositionedEvent = z.infer<typeof positionedEventSchema>;
