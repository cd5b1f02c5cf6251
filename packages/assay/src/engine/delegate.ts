import { type Digest, digestSchema, workDocumentBytesMax } from "@assay/sdk";
import { z } from "zod";
import { raise } from "#domain";
import {
  type Blobs,
  canonicalJson,
  type Delegated,
  type Delegation,
  digestOf,
  type TaskEnd,
  type TaskResult,
} from "#ports";
import { executeStep } from "./execute-step.ts";
import type { Execution } from "./execution.ts";

const taskEndSchema = z.object({
  outcome: z.enum(["done", "failed"]),
  output: digestSchema.optional(),
  statement: digestSchema.optional(),
  detail: z.string(),
  worker: z.string().optional(),
  token: z.int().optional(),
  attempts: z.int(),
  durationMs: z.number(),
}) as z.ZodType<TaskEnd>;

const defaultLease = { leaseMs: 60_000, triesMax: 3 };

/** Offers a task to workers and records how it ended, as a step named `key`. */
export async function delegate<T>(
  execution: Execution,
  key: string,
  work: Delegation,
  schema: z.ZodType<T>,
): Promise<Delegated<T>> {
  const { blobs, history, run } = execution;
  if (execution.queue === undefined && !history.steps.has(key)) {
    raise(
      "stopped",
      `run ${run} has work for workers, and none are served here`,
      "run `assay serve`, and resume it there",
    );
  }
  const document = canonicalJson(work.input);
  if (Buffer.byteLength(document) > workDocumentBytesMax) {
    throw new RangeError(`the input of task ${key} is over ${workDocumentBytesMax} bytes`);
  }
  const asked = { kind: work.kind, role: work.role, capabilities: [...(work.capabilities ?? [])] };
  const input = { ...asked, input: digestOf(document) };
  const end = await executeStep(execution, {
    key,
    input,
    fn: () => offer(),
    schema: taskEndSchema,
    // Workers tried and none came back with anything: the task itself may be what stops them.
    against: ({ outcome, token, attempts, detail }) =>
      outcome === "failed" && token === undefined && attempts > 0 ? detail : undefined,
  });
  const { worker, token, output, statement, attempts, durationMs } = end;
  if (end.outcome === "failed") return { kind: "failed", detail: end.detail, attempts, durationMs };
  if (worker === undefined || token === undefined || output === undefined) {
    raise("journal-corrupt", `run ${run}: the end of task ${key} has no output`, "start a new run");
  }
  const read = await readOutput(blobs, output, schema);
  if (read.kind === "unusable") raise("journal-corrupt", `run ${run}: task ${key}: ${read.problem}`, "start a new run");
  return {
    kind: "done",
    task: key,
    value: read.value,
    worker,
    token,
    output,
    attempts,
    durationMs,
    ...(statement === undefined ? {} : { statement }),
  };

  async function offer(): Promise<TaskEnd> {
    if (execution.queue === undefined) throw new Error("there is no queue");
    const { leaseMs, triesMax, waitMsMax: asLongAs = Number.POSITIVE_INFINITY } = { ...defaultLease, ...work };
    const waitMsMax = Math.min(asLongAs, timeLeft(execution, key));
    const trace = execution.trace === undefined ? {} : { trace: execution.trace };
    const stored = await blobs.put(document);
    const { queue, activity, abort } = execution;
    const offered = { run, task: key, ...asked, input: stored, leaseMs, triesMax, waitMsMax, ...trace };
    return await activity.awaitWorker(abort, () => queue.offer(offered, abort, (result) => examine(result)));
  }

  async function examine({ output }: TaskResult): Promise<string | undefined> {
    if (output === undefined) return "the result has no output";
    const read = await readOutput(blobs, output, schema);
    return read.kind === "unusable" ? read.problem : undefined;
  }
}

/** What the run may still take for a task; throws `budget-exhausted` where that is nothing. */
function timeLeft(execution: Execution, key: string): number {
  const { budget, run, root } = execution;
  const leftMs = Math.floor(Math.min(budget.remaining().wallMsMax, budget.total.wallMsMax - execution.elapsedMs));
  if (leftMs >= 1) return leftMs;
  raise(
    "budget-exhausted",
    `run ${run}: no time is left for task ${key}`,
    `continue with a larger budget: assay resume ${root}`,
  );
}

type ReadOutput<T> = { kind: "read"; value: T } | { kind: "unusable"; problem: string };

async function readOutput<T>(blobs: Blobs, digest: Digest, schema: z.ZodType<T>): Promise<ReadOutput<T>> {
  try {
    const bytes = await blobs.get(digest);
    if (bytes === undefined) return { kind: "unusable", problem: `its output ${digest} is not in the store` };
    if (bytes.length > workDocumentBytesMax) return { kind: "unusable", problem: "its output is too large" };
    const parsed = schema.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
    if (parsed.success) {
      // What has no canonical form, such as a lone surrogate, cannot be recorded by whatever is made of it.
      canonicalJson(parsed.data);
      return { kind: "read", value: parsed.data };
    }
    return {
      kind: "unusable",
      problem: `its output is not what was asked for: ${z.prettifyError(parsed.error)}`.slice(0, 1000),
    };
  } catch (error) {
    return {
      kind: "unusable",
      problem: `its output cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
