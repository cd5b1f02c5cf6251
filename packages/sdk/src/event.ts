import { z } from "zod";
import { agentSessionSchema } from "./agent-session.ts";
import { changeExpectationSchema, changeKindSchema } from "./change.ts";
import { digestSchema } from "./digest.ts";
import { evidenceSchema } from "./evidence.ts";
import { faultSchema } from "./fault.ts";
import { guardrailFindingSchema, guardrailPolicySchema } from "./guardrail.ts";
import { verdictLevelSchema } from "./isolation.ts";
import { modelCallSchema } from "./model-call.ts";
import { provenanceSchema } from "./patch.ts";
import { personAnswerSchema } from "./person.ts";
import {
  planMadeSchema,
  planSchema,
  taskClaimedSchema,
  taskFinishedSchema,
  taskQueuedSchema,
  taskReleasedSchema,
} from "./task.ts";
import { classifiedFailureSchema } from "./test-report.ts";
import { verdictSchema } from "./verdict.ts";
import { violationExploredSchema, violationFoundSchema } from "./violation.ts";

export const datasetNameSchema = z.enum(["humaneval", "mbpp", "humanevalfix-python", "humanevalfix-js"]);
export type DatasetName = z.infer<typeof datasetNameSchema>;

/** `fixed`: by rules; `learned`: by what the knowledge base says; `none`: in the order given. */
export const routerNameSchema = z.enum(["fixed", "learned", "none"]);
export type RouterName = z.infer<typeof routerNameSchema>;

/** `workers`: by testers that may attest, where some are connected. */
export const testersSchema = z.enum(["here", "workers"]);
export type Testers = z.infer<typeof testersSchema>;

/** Who is to propose, and in which order they are asked. */
export const proposingSchema = z.object({
  /** `search`, `model:PROVIDER/MODEL` or a configured name, `agent:NAME`, `human`, `worker:CAPABILITY`, `council:A,B,…`; absent: what is configured. */
  proposers: z.array(z.string()).optional(),
  router: routerNameSchema.optional(),
  /** Wait for a person at this point. */
  approve: z.enum(["before-apply"]).optional(),
});
export type Proposing = z.infer<typeof proposingSchema>;

/** A file of the user's as it was when the run began: where it was, absolute, and its content, kept in the store. */
export const givenFileSchema = z.object({ path: z.string(), digest: digestSchema });
export type GivenFile = z.infer<typeof givenFileSchema>;

export const solveLanguageSchema = z.enum(["python", "javascript", "typescript"]);
export type SolveLanguage = z.infer<typeof solveLanguageSchema>;

/** What the user asked for; immutable. One member per workflow. */
export const goalSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("heal"),
    /** Absolute path of the project. */
    root: z.string(),
    /** Runner selectors; empty: every test. */
    tests: z.array(z.string()),
    /** Also try taking back hunks of changes made since this git revision. */
    since: z.string().optional(),
    /** Write an accepted patch to the project's own tree, if that is still at the base revision. */
    apply: z.boolean(),
    /** What a verdict needs at least, instead of what the candidate's origin asks for. */
    minLevel: verdictLevelSchema.optional(),
    /** Who makes the first of a candidate's two runs; absent: everything is run by the daemon itself. */
    testers: testersSchema.optional(),
    ...proposingSchema.shape,
  }),
  z.object({
    kind: z.literal("judge"),
    /** Absolute path of the project. */
    root: z.string(),
    /** A git revision, as given. */
    base: z.string(),
    change: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("revision"), head: z.string() }),
      /** A unified diff, kept in the store. */
      z.object({ kind: z.literal("patch"), digest: digestSchema }),
      /** The working tree as it is when the run begins. */
      z.object({ kind: z.literal("tree") }),
    ]),
    /** Inferred when absent. */
    expect: changeKindSchema.optional(),
    /** Tests that must turn green, in the runner's own syntax; empty: at least one. */
    tests: z.array(z.string()),
    allowTestChanges: z.boolean(),
    guardrails: guardrailPolicySchema,
    /** How many hunks of the change may be unproven. */
    unprovenHunksMax: z.int().min(0),
    minLevel: verdictLevelSchema.optional(),
  }),
  z.object({
    kind: z.literal("eval"),
    /** Absolute path of the folder whose state directory keeps the run. */
    root: z.string(),
    dataset: datasetNameSchema,
    /** Digest of the data file's bytes, and where they came from. */
    data: z.object({ source: z.string(), digest: digestSchema }),
    /** `canonical`, `search`, or `samples:FILE` with the digest of its bytes. */
    proposer: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("canonical") }),
      z.object({ kind: z.literal("search") }),
      z.object({ kind: z.literal("samples"), source: z.string(), digest: digestSchema }),
      z.object({
        kind: z.literal("model"),
        /** As it was named, and `provider/model`. */
        name: z.string(),
        model: z.string(),
        /** Candidates for each task, and how often each may be mended after its visible tests failed: rounds in all. */
        samples: z.int().min(1),
        rounds: z.int().min(1),
        temperature: z.number().optional(),
      }),
    ]),
    /** What the proposer sees of the tests. */
    visible: z.enum(["test", "example_test"]),
    k: z.array(z.int().min(1)).min(1),
    /** Problems evaluated at the same time. */
    workers: z.int().min(1),
    /** Whether what the search finds, and whether it passes the hidden tests, is added to the knowledge base. */
    learn: z.boolean().optional(),
    /** Only these task ids; absent: all. */
    tasks: z.array(z.string()).optional(),
    seed: z.int(),
  }),
  z.object({
    kind: z.literal("solve"),
    /** Absolute path of the folder whose state directory keeps the run, and whose installed dependencies the tests may use. */
    root: z.string(),
    /** What is wanted, in the user's words. */
    description: digestSchema.optional(),
    /** A source file whose signatures and comments say what is wanted; its name and its text are where the work begins. */
    stub: givenFileSchema.optional(),
    /** Test files, or files of `input -> output` lines. */
    tests: z.array(givenFileSchema).min(1),
    /** Tests that nobody who proposes sees, and that a solution must pass as well. */
    hidden: z.array(givenFileSchema),
    /** Hides this part of `tests` as well, drawn by the seed. */
    holdOut: z.object({ fraction: z.number().gt(0).lt(1), seed: z.int().min(0) }).optional(),
    language: solveLanguageSchema.optional(),
    /** The function to write, where the tests leave it open. */
    name: z.string().optional(),
    guardrails: guardrailPolicySchema,
    minLevel: verdictLevelSchema.optional(),
    /** Where the solution is to be written, absolute; an existing file is replaced only with `force`. */
    out: z.string().optional(),
    /** Where the patch is to be written, absolute. */
    patchOut: z.string().optional(),
    force: z.boolean(),
    /** Writes the file also where the hidden tests refuse it. */
    keepUnproven: z.boolean(),
    ...proposingSchema.shape,
  }),
  z.object({
    kind: z.literal("plan"),
    /** Absolute path of the project. */
    root: z.string(),
    title: z.string().min(1).max(500),
    plan: planSchema,
  }),
]);
export type Goal = z.infer<typeof goalSchema>;

export const artifactKindSchema = z.enum(["patch", "receipt", "report", "bundle", "solution"]);
export type ArtifactKind = z.infer<typeof artifactKindSchema>;

/** A call of which changes that pass the same tests make different things: nothing says which of them is meant. */
export const ambiguitySchema = z.object({
  call: z.string(),
  /** What each change makes of it, that which was locked in first. */
  results: z.array(z.object({ candidate: z.string(), summary: z.string(), result: z.string() })).min(2),
});
export type Ambiguity = z.infer<typeof ambiguitySchema>;

export const runOutcomeSchema = z.enum([
  "accepted",
  /** Several changes are proven that do different things. */
  "ambiguous",
  "nothing-to-do",
  "not-found",
  "rejected",
  "inconclusive",
  /** An evaluation finished, whatever its score. */
  "evaluated",
  /** Every task of a plan is done. */
  "done",
  "paused",
  "cancelled",
  "failed",
]);
export type RunOutcome = z.infer<typeof runOutcomeSchema>;

/** The last event of a run and the last line of every `--json` stream. */
export const resultSchema = z.object({
  type: z.literal("result"),
  outcome: runOutcomeSchema,
  exitCode: z.int().min(0).max(255),
  /** One or two sentences for a person. */
  summary: z.string(),
  verdict: verdictSchema.optional(),
  fault: faultSchema.optional(),
  base: digestSchema.optional(),
  patch: z.object({ digest: digestSchema, path: z.string(), provenance: provenanceSchema }).optional(),
  receipt: z.string().optional(),
  report: z.string().optional(),
  bundle: z.string().optional(),
  applied: z.boolean().optional(),
  /** Of `solve`: the file with the solution, or with the best that was tried; `written`, `patch`: what the user asked for as files. */
  solution: z.object({ path: z.string(), written: z.string().optional(), patch: z.string().optional() }).optional(),
  /** Of `solve`: how many of the tests that the proposer saw, and of those it did not, pass with the solution. */
  visibleTests: z.object({ passed: z.int(), total: z.int() }).optional(),
  hiddenTests: z.object({ passed: z.int(), total: z.int() }).optional(),
  ambiguity: ambiguitySchema.optional(),
  healedTests: z.array(z.string()).optional(),
  stillFailingTests: z.array(z.string()).optional(),
  candidatesTried: z.int().optional(),
  durationMs: z.number().optional(),
  /** Of an evaluation: problems that count, and how many of them have a first sample that passed. */
  problems: z.int().optional(),
  passed: z.int().optional(),
  /** Wall clock of the evaluation itself, over all executions of the run. */
  seconds: z.number().optional(),
  verdictsPerSecond: z.number().optional(),
  /** By k, in [0, 1]; the half-width of its 95 % interval under the same k. */
  passAtK: z.record(z.string(), z.number()).optional(),
  passAtKHalfWidth: z.record(z.string(), z.number()).optional(),
  /** Of models: the share of candidates right after at most one, two, three… rounds; tokens and money taken. */
  passedAfter: z.array(z.number()).optional(),
  tokens: z.int().optional(),
  costMicroUsd: z.number().optional(),
  /** Of two evaluations, paired by task; `pValue` by McNemar's exact test, two-sided. */
  comparison: z
    .object({
      tasks: z.int(),
      passedA: z.int(),
      passedB: z.int(),
      onlyA: z.array(z.string()),
      onlyB: z.array(z.string()),
      unpaired: z.array(z.string()),
      pValue: z.number(),
    })
    .optional(),
});
export type Result = z.infer<typeof resultSchema>;

/** How a check of a function ended; the last three speak neither for nor against the candidate. */
export const checkOutcomeSchema = z.enum([
  "passed",
  "failed",
  "invalid",
  "timed-out",
  "out-of-memory",
  "flood",
  "crashed",
  "no-calls",
  "unsupported",
  "fault",
]);
export type CheckOutcome = z.infer<typeof checkOutcomeSchema>;

/** What became of one candidate for one problem of a dataset. */
export const problemEvaluatedSchema = z.object({
  type: z.literal("problem-evaluated"),
  task: z.string(),
  /** Among the task's candidates, from 0. */
  sample: z.int().min(0),
  outcome: checkOutcomeSchema,
  errorType: z.string().optional(),
  message: z.string().optional(),
  level: verdictLevelSchema,
  /** Calls of the candidate that were answered. */
  calls: z.int().min(0),
  cpuMs: z.number(),
  wallMs: z.number(),
  /** The limit it was held to, and what the reference solution took; absent where the candidate is the reference. */
  cpuMsMax: z.number(),
  referenceCpuMs: z.number().optional(),
  /** Absent where the candidate is the reference. */
  reference: checkOutcomeSchema.optional(),
  /** Of the code as the dataset has it, before repair. */
  before: checkOutcomeSchema.optional(),
  /** By the tests that the proposer was shown. */
  visible: checkOutcomeSchema.optional(),
  /** How often a proposer was asked, and how many candidates it tried. */
  rounds: z.int().min(0),
  /** By the full tests, what each round's candidate came to; the last is `outcome`. */
  byRound: z.array(checkOutcomeSchema).optional(),
  /** Of models, prompts and answers together. */
  tokens: z.int().min(0).optional(),
  tried: z.int().min(0),
  proposeMs: z.number(),
  costMicroUsd: z.number(),
});
export type ProblemEvaluated = z.infer<typeof problemEvaluatedSchema>;

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
  /** How proven candidates stand among one another, in the eyes of judges who did not make them. */
  z.object({
    type: z.literal("council-ranked"),
    /** Best first; with the method `none` in an order that means nothing. */
    ranking: z.array(
      z.object({
        candidate: z.string(),
        /** Other candidates that are the same change. */
        sameChange: z.array(z.string()),
        /** Of the change without comments and layout. */
        change: digestSchema,
        bordaPoints: z.number(),
        linesChanged: z.int(),
        nodesChanged: z.int(),
        filesChanged: z.int(),
        /** What the verdicts rest on that let it come this far. */
        evidence: z.array(digestSchema).min(1),
      }),
    ),
    ballots: z.array(
      z.object({
        judge: z.string(),
        /** By itself or by one of its family: it was not shown these. */
        leftOut: z.array(z.string()),
        /** Candidates, the best first, as seen in one order and in that reversed; absent where the judge gave none. */
        order: z.array(z.string()).optional(),
        reversed: z.array(z.string()).optional(),
        /** Why the ballot does not count. */
        abstained: z.string().optional(),
      }),
    ),
    /** Kendall's W over the ballots that count, 0 to 1; absent where no two judges ranked the same two changes. */
    agreement: z.number().min(0).max(1).optional(),
    method: z.enum(["single", "kemeny", "borda", "minimality", "none"]),
    reasons: z.array(z.string()),
  }),
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
