import { z } from "zod";
import { runEventSchema } from "../../event.ts";
import { goalSchema } from "../../goal.ts";
import { runOutcomeSchema } from "../../result.ts";
import { defineRoutes } from "../route.ts";
import { goalViewSchema, pageOf, runDetailSchema, runStatusSchema, runViewSchema } from "../views.ts";
import { json, page, run } from "./parts.ts";

/** The limits of `Budget` by name; what is left out is as configured. */
const budgetBody = z
  .strictObject({
    wallMsMax: z.int().min(1),
    candidatesMax: z.int().min(1),
    attemptsMax: z.int().min(1),
    requestsMax: z.int().min(0),
    tokensMax: z.int().min(0),
    costMicroUsdMax: z.int().min(0),
  })
  .partial();

/** Goals, and the runs that are made for them. */
export const runsRoutes = defineRoutes({
  listGoals: {
    method: "GET",
    path: "/v1/goals",
    scope: "read",
    summary: "Goals, newest first, with the runs that were made for each",
    query: z.object({ ...page }),
    status: 200,
    answer: json(pageOf(goalViewSchema)),
  },
  createRun: {
    method: "POST",
    path: "/v1/runs",
    scope: "runs",
    summary: "Begin a run; with an Idempotency-Key header, once however often it is asked",
    body: z.strictObject({ goal: goalSchema, budget: budgetBody.optional() }),
    status: 201,
    answer: json(runViewSchema),
  },
  listRuns: {
    method: "GET",
    path: "/v1/runs",
    scope: "read",
    summary: "Runs, newest first",
    query: z.object({
      ...page,
      status: runStatusSchema.optional(),
      outcome: runOutcomeSchema.optional(),
      workflow: z.string().max(50).optional(),
    }),
    status: 200,
    answer: json(pageOf(runViewSchema)),
  },
  readRun: {
    method: "GET",
    path: "/v1/runs/:run",
    scope: "read",
    summary: "One run with its goal, steps, budget and result",
    params: run,
    status: 200,
    answer: json(runDetailSchema),
  },
  readEvents: {
    method: "GET",
    path: "/v1/runs/:run/events",
    scope: "read",
    summary: "A run's events; without the recorded results of steps",
    params: run,
    query: z.object({
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(5000).default(1000),
    }),
    status: 200,
    answer: json(z.object({ items: z.array(runEventSchema), lastSeq: z.int() })),
  },
  cancelRun: {
    method: "POST",
    path: "/v1/runs/:run/cancel",
    scope: "runs",
    summary: "End a run for good",
    params: run,
    status: 200,
    answer: json(runViewSchema),
  },
  interruptRun: {
    method: "POST",
    path: "/v1/runs/:run/interrupt",
    scope: "runs",
    summary: "Stop a run at its next checkpoint, resumable",
    params: run,
    status: 200,
    answer: json(runViewSchema),
  },
  resumeRun: {
    method: "POST",
    path: "/v1/runs/:run/resume",
    scope: "runs",
    summary: "Go on with a run, with more budget if given",
    params: run,
    body: z
      .strictObject({
        budget: budgetBody.optional(),
        apply: z.boolean().default(false),
        force: z.boolean().default(false),
      })
      .prefault({}),
    status: 202,
    answer: json(runViewSchema),
  },
  forkRun: {
    method: "POST",
    path: "/v1/runs/:run/fork",
    scope: "runs",
    summary: "A new run that repeats this one up to a step and does that step and all after it again",
    params: run,
    body: z.strictObject({ step: z.string().min(1).max(500), input: z.unknown().optional() }),
    status: 201,
    answer: json(runViewSchema),
  },
});
