import { z } from "zod";
import { agentSessionSchema } from "./agent-session.ts";
import { changeExpectationSchema } from "./change.ts";
import { councilRankedSchema } from "./council-ranked.ts";
import { digestSchema } from "./digest.ts";
import { evidenceSchema } from "./evidence.ts";
import { faultSchema } from "./fault.ts";
import { goalSchema, routerNameSchema } from "./goal.ts";
import { guardrailFindingSchema } from "./guardrail.ts";
import { modelCallSchema } from "./model-call.ts";
import { provenanceSchema } from "./patch.ts";
import { personAnswerSchema } from "./person.ts";
import { problemEvaluatedSchema } from "./problem-evaluated.ts";
import { artifactKindSchema, resultSchema } from "./result.ts";
import { planMadeSchema, taskClaimedSchema, taskFinishedSchema, taskQueuedSchema, taskReleasedSchema } from "./task.ts";
import { classifiedFailureSchema } from "./test-report.ts";
import { verdictSchema } from "./verdict.ts";
import { violationExploredSchema, violationFoundSchema } from "./violation.ts";

/** https://www.w3.org/TR/trace-context/, version 00. */
export const traceContextSchema = z.object({
  traceparent: z.string().regex(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/),
});
export type TraceContext = z.infer<typeof traceContextSchema>;

/** What a run records. The journal holds these; `--json` and the API show the same. */
export const runEventBodySchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run-started"),
    workflow: z.string(),
    workflowVersion: z.int(),
    assayVersion: z.string(),
    goal: goalSchema,
    /** Limits by name (`wallMsMax`, `candidatesMax`…), so that a resume without its own has the same. */
    budget: z.record(z.string(), z.number()).optional(),
    /** The run that this one is a part of, and its key there. */
    parent: z.object({ run: z.string(), key: z.string() }).optional(),
    /** The folder, absolute, outside of which it writes nothing where its goal says; its parts and forks neither. Absent: anywhere. */
    writesWithin: z.string().optional(),
    /** What outside asked for the run: its W3C trace context, so that the run's spans stand below that one's. */
    trace: traceContextSchema.optional(),
  }),
  /** A process took the run; the event's `seq` is its fencing token. */
  z.object({
    type: z.literal("lease-claimed"),
    owner: z.string(),
    /** Of this execution, where it has another than the run began with. */
    budget: z.record(z.string(), z.number()).optional(),
  }),
  /** What is paid for may be asked from now on; where no settlement follows, all of it counts as spent. */
  z.object({ type: z.literal("budget-reserved"), scope: z.string(), reserved: z.record(z.string(), z.number()) }),
  z.object({
    type: z.literal("step-finished"),
    key: z.string(),
    inputDigest: digestSchema,
    /** What it was given, where a fork of the run may give it something else. */
    input: z.unknown().optional(),
    /** The recorded value that replay returns; left out of what is shown. */
    result: z.unknown().optional(),
    durationMs: z.number(),
  }),
  z.object({
    type: z.literal("project-detected"),
    language: z.string(),
    runner: z.string(),
    details: z.array(z.string()),
  }),
  z.object({ type: z.literal("failures-classified"), failures: z.array(classifiedFailureSchema) }),
  z.object({ type: z.literal("flakes-quarantined"), tests: z.array(z.string()), evidence: z.array(digestSchema) }),
  z.object({
    type: z.literal("candidates-tried"),
    proposer: z.string(),
    tried: z.int(),
    plausible: z.int(),
    durationMs: z.number(),
  }),
  /** Who is asked next, and why. */
  z.object({
    type: z.literal("proposer-chosen"),
    proposer: z.string(),
    instance: z.string().optional(),
    router: routerNameSchema,
    reasons: z.array(z.string()),
  }),
  agentSessionSchema.extend({ type: z.literal("agent-asked") }),
  modelCallSchema.extend({ type: z.literal("model-asked"), proposer: z.string() }),
  councilRankedSchema,
  /** A person is asked; the answer comes as a signal of this name. */
  z.object({
    type: z.literal("person-asked"),
    signal: z.string(),
    question: z.enum(["approval", "proposal"]),
    /** Where the question is, and where the answer may be put. */
    inbox: z.string().optional(),
    outbox: z.string().optional(),
  }),
  /** What came of a question of kind `proposal`; `signal` is that of the question. */
  personAnswerSchema.extend({ type: z.literal("person-answered"), signal: z.string() }),
  z.object({
    type: z.literal("candidate-proposed"),
    candidate: z.string(),
    patch: digestSchema,
    diff: z.string(),
    provenance: provenanceSchema,
  }),
  z.object({ type: z.literal("evidence-recorded"), candidate: z.string().optional(), evidence: evidenceSchema }),
  /** What was found out about a change under judgement, before it is judged. */
  z.object({ type: z.literal("change-examined"), expectation: changeExpectationSchema }),
  z.object({ type: z.literal("guardrails-scanned"), findings: z.array(guardrailFindingSchema) }),
  z.object({ type: z.literal("verdict-reached"), candidate: z.string(), verdict: verdictSchema }),
  problemEvaluatedSchema,
  z.object({ type: z.literal("artifact-written"), kind: artifactKindSchema, path: z.string(), digest: digestSchema }),
  z.object({
    type: z.literal("budget-settled"),
    scope: z.string(),
    reserved: z.record(z.string(), z.number()),
    spent: z.record(z.string(), z.number()),
  }),
  z.object({ type: z.literal("signal-received"), name: z.string(), value: z.unknown() }),
  z.object({
    type: z.literal("breaker-changed"),
    breaker: z.string(),
    from: z.enum(["closed", "half-open", "open"]),
    to: z.enum(["closed", "half-open", "open"]),
    reason: z.string(),
  }),
  planMadeSchema,
  taskQueuedSchema,
  taskClaimedSchema,
  taskReleasedSchema,
  taskFinishedSchema,
  violationFoundSchema,
  violationExploredSchema,
  /** The run repeats another one's steps up to this one, and goes on by itself from there. */
  z.object({
    type: z.literal("run-forked"),
    from: z.string(),
    step: z.string(),
    /** What the step is given instead of what the workflow made for it. */
    input: z.unknown().optional(),
  }),
  /** A run of its own is begun for a part of this one, or given more; what it may use is set aside from this one's budget. */
  z.object({
    type: z.literal("child-started"),
    key: z.string(),
    child: z.string(),
    /** Its limits by name. */
    budget: z.record(z.string(), z.number()),
  }),
  z.object({ type: z.literal("run-paused"), fault: faultSchema }),
  z.object({ type: z.literal("run-cancelled"), by: z.string() }),
  z.object({ type: z.literal("note"), level: z.enum(["info", "warning"]), message: z.string() }),
  resultSchema,
]);
export type RunEventBody = z.infer<typeof runEventBodySchema>;
export type RunEventType = RunEventBody["type"];
export const runEventTypes: readonly RunEventType[] = runEventBodySchema.options.map(({ shape }) => shape.type.value);

/** What surrounds every event. */
export const eventEnvelopeSchema = z.object({
  /** Position in the run's journal, from 1, strictly increasing. */
  seq: z.int().min(1),
  runId: z.string().optional(),
  /** Milliseconds since the Unix epoch. */
  at: z.number(),
});
export type EventEnvelope = z.infer<typeof eventEnvelopeSchema>;

export const runEventSchema = z.intersection(eventEnvelopeSchema, runEventBodySchema);
export type RunEvent = EventEnvelope & RunEventBody;
