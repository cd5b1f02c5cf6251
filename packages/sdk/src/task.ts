import { z } from "zod";
import { digestSchema } from "./digest.ts";

/** What a worker is for. */
export const workerRoleSchema = z.enum(["analyzer", "coder", "tester"]);
export type WorkerRole = z.infer<typeof workerRoleSchema>;

/**
 * What a worker is asked for. `propose`: a candidate patch; `check`: an observation of a suite; `analyze`: a report, which is never
 * evidence.
 */
export const taskKindSchema = z.enum(["propose", "check", "analyze"]);
export type TaskKind = z.infer<typeof taskKindSchema>;

/** Why a claim ended without a result. */
export const releaseReasonSchema = z.enum(["expired", "returned", "failed", "revoked", "stopped"]);
export type ReleaseReason = z.infer<typeof releaseReasonSchema>;

const key = z.string().min(1).max(500);

/** A unit of a plan. */
export const plannedTaskSchema = z.object({
  key: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/),
  title: z.string().min(1).max(500),
  /** Keys of tasks that must be done before. */
  dependsOn: z.array(z.string()).max(1000).default([]),
  /** Tasks of a phase begin when all of lower phases are over. */
  phase: z.int().min(0).max(1000).default(0),
  /** How much of each resource it holds while it runs. */
  resources: z.record(z.string(), z.int().min(1)).default({}),
  /** Handed to workers, or done by a run of its own: the goal is parsed by `goalSchema` where it is begun. */
  work: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("delegate"),
      task: taskKindSchema,
      role: workerRoleSchema,
      capabilities: z.array(z.string()).max(20).default([]),
      /** The task's input, as its kind wants it. */
      input: z.unknown(),
    }),
    z.object({ kind: z.literal("goal"), goal: z.unknown(), budget: z.record(z.string(), z.number()).optional() }),
  ]),
});
export type PlannedTask = z.infer<typeof plannedTaskSchema>;

/** A directed acyclic graph of units of work. */
export const planSchema = z.object({
  tasks: z.array(plannedTaskSchema).min(1).max(10_000),
  /** How much of each resource there is; a resource that is not named here is not limited. */
  resourceLimits: z.record(z.string(), z.int().min(1)).default({}),
  /** How many tasks run at the same time. */
  parallelMax: z.int().min(1).max(1000).default(8),
  /** What becomes of the rest when a task fails: those that depend on it are skipped either way. */
  onFailure: z.enum(["continue", "stop"]).default("continue"),
  /** How often the plan is thought over while tasks are under way, in milliseconds; each time is recorded. Absent: after failures only. */
  replanMs: z.int().min(60_000).max(86_400_000).optional(),
});
export type Plan = z.infer<typeof planSchema>;

/** A unit of work was offered to workers. */
export const taskQueuedSchema = z.object({
  type: z.literal("task-queued"),
  task: key,
  kind: taskKindSchema,
  role: workerRoleSchema,
  capabilities: z.array(z.string()),
  /** Of the input document, kept in the store. */
  input: digestSchema,
  leaseMs: z.int().min(1),
  triesMax: z.int().min(1),
});

/** A worker has it; the event's `seq` is the fencing token. */
export const taskClaimedSchema = z.object({
  type: z.literal("task-claimed"),
  task: key,
  worker: z.string(),
  /** From 1. */
  attempt: z.int().min(1),
});

/** The claim is over without a result: its token is void. */
export const taskReleasedSchema = z.object({
  type: z.literal("task-released"),
  task: key,
  token: z.int().min(1),
  reason: releaseReasonSchema,
  detail: z.string(),
});

export const taskFinishedSchema = z.object({
  type: z.literal("task-finished"),
  task: key,
  outcome: z.enum(["done", "failed", "skipped"]),
  /** Of the claim it was done under; absent for what this process did itself. */
  token: z.int().min(1).optional(),
  worker: z.string().optional(),
  /** Of the output document, kept in the store. */
  output: digestSchema.optional(),
  /** Of the worker's signed statement, kept in the store. */
  statement: digestSchema.optional(),
  detail: z.string(),
  durationMs: z.number(),
});

/** What is to be done, at first or after something unexpected. */
export const planMadeSchema = z.object({
  type: z.literal("plan-made"),
  /** From 1; a new plan keeps what is done. */
  revision: z.int().min(1),
  reason: z.string(),
  plan: planSchema,
});
