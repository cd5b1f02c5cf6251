import { type Digest, type TaskKind, type WorkerState, workDocumentBytesMax, workDocumentSchemas } from "@assay/sdk";
import { type SpanExport, workSpan } from "#app";
import { FaultError, raise } from "#domain";
import { canonicalJson, digestOf } from "#ports";
import { preAuthEncoding, type Signer } from "#receipt";
import { type ClaimRef, Outcome, type Task, TaskKind as WireKind } from "#wire";
import type { Executors } from "./executor.ts";
import type { Link } from "./link.ts";
import { patiently } from "./patiently.ts";

export type TaskParts = {
  link: Link;
  worker: string;
  signer: Signer;
  executors: Executors;
  /** Where its spans go, if anywhere. */
  spans?: SpanExport | undefined;
  signal: AbortSignal;
  enter: (state: WorkerState) => void;
};

/** What came of a task, in a sentence or two. */
export type TaskOutcome = { outcome: "done" | "failed"; detail: string };

const kinds: Readonly<Record<number, TaskKind>> = {
  [WireKind.PROPOSE]: "propose",
  [WireKind.CHECK]: "check",
  [WireKind.ANALYZE]: "analyze",
};
const detailMax = 1000;

/** RECEIVE → PLAN → EXECUTE → REPORT. Rejects where nothing can be reported: the claim is lost. A daemon that is away is waited for. */
export async function doTask(task: Task, claim: ClaimRef, parts: TaskParts): Promise<TaskOutcome> {
  const startMs = Date.now();
  let failed = true;
  try {
    const done = await doAndReport(task, claim, parts);
    failed = done.outcome === "failed";
    return done;
  } finally {
    const seen = { task: claim.task, kind: kinds[task.kind] ?? "unknown", startMs, endMs: Date.now(), failed };
    const span = workSpan(task.traceparent, seen);
    if (span !== undefined) parts.spans?.add([span]);
  }
}

async function doAndReport(task: Task, claim: ClaimRef, parts: TaskParts): Promise<TaskOutcome> {
  const { link, signal, enter } = parts;
  let output: Digest | undefined;
  let done: TaskOutcome;
  try {
    enter("receive");
    const document = await execute(task, claim, parts);
    enter("report");
    const content = Buffer.from(JSON.stringify(document));
    const put = await patiently(
      () => link.call((client, options) => client.putBlob({ claim, content }, { ...options, signal })),
      signal,
    );
    output = digestOf(content);
    if (put.digest !== output) raise("receipt-mismatch", "the daemon kept other bytes than were sent");
    done = { outcome: "done", detail: "" };
  } catch (error) {
    if (signal.aborted) throw error;
    // The claim's end, or the daemon's trouble: neither is anything that the task failed at.
    if (error instanceof FaultError && ["lease-lost", "daemon-unreachable"].includes(error.fault.code)) throw error;
    enter("report");
    const detail = error instanceof FaultError ? `${error.fault.code}: ${error.fault.message}` : String(error);
    done = { outcome: "failed", detail: detail.slice(0, detailMax) };
  }
  await report(claim, done, output, parts);
  return done;
}

async function execute(task: Task, claim: ClaimRef, { link, executors, signal, enter }: TaskParts): Promise<unknown> {
  const kind = kinds[task.kind] ?? raise("usage", `a task of a kind that this worker does not know (${task.kind})`);
  const executor = executors[kind] ?? raise("usage", `this worker has nothing to do ${kind} tasks with`);
  const fetch = (digest: Digest) => patiently(() => fetchBlob(link, claim, digest, signal), signal);
  const schemas = workDocumentSchemas[kind];
  const input = schemas.input.safeParse(jsonOf(await fetch(task.input as Digest)));
  if (!input.success) return raise("usage", "the task's input is no document of its kind for this version of assay");
  enter("plan");
  const output = await executor(input.data, { fetch, begin: () => enter("execute"), signal });
  return schemas.output.parse(output);
}

async function report(
  claim: ClaimRef,
  { outcome, detail }: TaskOutcome,
  output: Digest | undefined,
  { link, worker, signer, signal }: TaskParts,
): Promise<void> {
  const { run, task, token } = claim;
  const said = { run, task, token, worker, outcome, ...(output === undefined ? {} : { output }) };
  const statement = Uint8Array.from(Buffer.from(canonicalJson(said)));
  const encoded = preAuthEncoding("application/vnd.assay.work-statement+json", statement);
  const signature = Uint8Array.from(signer.sign(encoded));
  const wire = outcome === "done" ? Outcome.DONE : Outcome.FAILED;
  const request = { claim, outcome: wire, output: output ?? "", detail, statement, signature };
  await patiently(() => link.call((client, options) => client.report(request, { ...options, signal })), signal);
}

async function fetchBlob(link: Link, claim: ClaimRef, digest: Digest, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const { chunk } of link.stream((client) => client.fetchBlob({ claim, digest }, { signal }))) {
    bytes += chunk.length;
    if (bytes > workDocumentBytesMax) raise("too-large", `${digest} has more than ${workDocumentBytesMax} bytes`);
    chunks.push(chunk);
  }
  const content = Buffer.concat(chunks);
  if (digestOf(content) !== digest) raise("receipt-mismatch", `the daemon sent other bytes than those of ${digest}`);
  return content;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // What is no JSON is no document: the schema says so.
    return undefined;
  }
}
