import { z } from "zod";
import { auditEntrySchema } from "./audit-entry.ts";
import { faultSchema } from "./fault.ts";
import { runOutcomeSchema } from "./result.ts";
import { errorCategorySchema } from "./test-report.ts";

/** What the commands that list or check something print with `--json`, a line each, before the closing `result`. */
export const listingSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run-listed"),
    run: z.string(),
    /** `unreadable`: its part of the journal is corrupt; the others are not affected. */
    status: z.enum(["queued", "running", "interrupted", "paused", "finished", "cancelled", "unreadable"]),
    outcome: runOutcomeSchema.optional(),
    summary: z.string(),
    /** Milliseconds since the Unix epoch. */
    startedAt: z.number(),
    lastEventAt: z.number(),
  }),
  z.object({
    type: z.literal("receipt-checked"),
    check: z.string(),
    status: z.enum(["ok", "failed", "unknown"]),
    detail: z.string(),
  }),
  z.object({
    type: z.literal("machine-checked"),
    check: z.string(),
    status: z.enum(["ok", "missing", "limited"]),
    detail: z.string(),
    remedy: z.string().optional(),
  }),
  z.object({
    type: z.literal("journal-checked"),
    check: z.string(),
    /** `limited`: nothing is lost, and something is left to be done or to be known. */
    status: z.enum(["ok", "damaged", "limited"]),
    detail: z.string(),
    remedy: z.string().optional(),
  }),
  z.object({
    type: z.literal("model-listed"),
    name: z.string(),
    /** `provider/model`. */
    id: z.string(),
    family: z.string(),
    baseUrl: z.string(),
    contextTokensMax: z.int(),
    outputTokensMax: z.int(),
    /** US dollars for a million tokens. */
    price: z.object({ input: z.number(), output: z.number(), asOf: z.string() }).optional(),
    /** Where the key comes from; `none` where none is needed; absent: it is missing. */
    key: z.string().optional(),
    keyEnv: z.array(z.string()).readonly(),
    probe: z
      .object({
        reachable: z.boolean(),
        fault: faultSchema.optional(),
        wallMs: z.number(),
        contextTokens: z.int().optional(),
        structured: z.boolean().optional(),
        tools: z.boolean().optional(),
        warnings: z.array(z.string()),
      })
      .optional(),
  }),
  z.object({
    type: z.literal("cheat-tried"),
    cheat: z.string(),
    /** One sentence. */
    does: z.string(),
    /** What the audited command made of it. */
    outcome: z.enum(["caught", "let-through", "not-applicable"]),
    detail: z.string(),
  }),
  z.object({
    type: z.literal("mutant-tried"),
    file: z.string(),
    /** 1-based. */
    line: z.int().min(1),
    /** The innermost function around it. */
    function: z.string().optional(),
    operator: z.string(),
    /** What the changed piece of the source became. */
    replacement: z.string(),
    /** `uncovered`: no test executes it. */
    status: z.enum(["killed", "survived", "timed-out", "errored", "uncovered"]),
    /** Tests that execute it. */
    coveredBy: z.int().min(0),
    killedBy: z.string().optional(),
    /** Taken from an earlier run on the same content. */
    known: z.boolean(),
  }),
  z.object({
    type: z.literal("proposer-known"),
    language: z.string(),
    category: errorCategorySchema,
    proposer: z.string(),
    instance: z.string().optional(),
    attempts: z.int(),
    healed: z.int(),
    wallMs: z.number(),
    costMicroUsd: z.number(),
  }),
  z.object({
    type: z.literal("method-known"),
    language: z.string(),
    category: errorCategorySchema,
    method: z.string(),
    /** How many of its changes were tried for such failures, and how many were right. */
    tried: z.number(),
    right: z.number(),
    /** How early it is tried now, and before anything was learned. */
    weight: z.number(),
    seed: z.number(),
  }),
  auditEntrySchema,
  z.object({ type: z.literal("crash-point"), name: z.string() }),
  z.object({
    type: z.literal("configuration-written"),
    path: z.string(),
    details: z.array(z.string()),
  }),
]);
export type Listing = z.infer<typeof listingSchema>;
