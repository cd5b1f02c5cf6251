import type { ConnectRouter, HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { z } from "zod";
import { traceparentOf } from "#app";
import { raise } from "#domain";
import { WorkerService } from "#wire";
import type { AdmittedWorker } from "./admission.ts";
import { callerOf, workerOf } from "./call-gate.ts";
import { claimName } from "./claim-ref.ts";
import { connectFault } from "./connect-fault.ts";
import type { ControlEvent, WorkerDesk } from "./worker-desk.ts";
import { meaning, wireTaskKind } from "./worker-messages.ts";
import { tokenTtlMs } from "./worker-tokens.ts";

const name = z.string().min(1).max(200);
const capabilities = z.array(z.string().regex(/^[a-z0-9][a-z0-9._+-]{0,99}$/)).max(50);
const sentence = z.string().max(2000);
const subjects = z.array(z.string().max(500)).max(100);
const holdingMax = 256;
const chunkBytes = 256 * 1024;

type Ask = { desk: WorkerDesk; onDefect: (error: unknown) => void };

/**
 * Serves the workers' protocol, behind the gate that knows who calls. Handlers turn messages into calls of the desk and back, and decide
 * nothing. What holds blobs is PutBlob alone, and it alone may be as large as they are.
 */
export function workerRoutes(
  desk: WorkerDesk,
  onDefect: (error: unknown) => void,
  { blobCallBytesMax }: { blobCallBytesMax: number },
): (router: ConnectRouter) => void {
  const ask: Ask = { desk, onDefect };
  return (router) => {
    router.service(WorkerService, { ...admissionCalls(ask), ...claimCalls(ask), ...streams(ask) });
    router.rpc(WorkerService.method.putBlob, putBlob(ask), { readMaxBytes: blobCallBytesMax });
  };
}

function admissionCalls(ask: Ask): Pick<ServiceImpl<typeof WorkerService>, "challenge" | "register" | "refresh"> {
  const { admission, heartbeatMs } = ask.desk;
  return {
    challenge: () => answer(ask, async () => ({ nonce: admission.challenge() })),
    register: (request, context) =>
      answer(ask, async () => {
        const { worker, token } = await admission.register(callerOf(context), {
          name: take("name", name, request.name),
          role: meaning.role(request.role),
          capabilities: take("capabilities", capabilities, request.capabilities),
          publicKey: take("public key", z.string().max(4096), request.publicKey),
          nonce: request.nonce,
          proof: request.proof,
        });
        return { worker: worker.id, token, tokenTtlMs, heartbeatMs, attest: worker.attest };
      }),
    refresh: ({ nonce, proof }, context) =>
      admitted(ask, context, async (from) => ({ token: await admission.refresh(from, { nonce, proof }), tokenTtlMs })),
  };
}

function claimCalls(
  ask: Ask,
): Pick<ServiceImpl<typeof WorkerService>, "heartbeat" | "report" | "release" | "reportViolation"> {
  const { desk } = ask;
  return {
    heartbeat: (request, context) =>
      admitted(ask, context, async (from) => {
        const holding = request.holding.slice(0, holdingMax).map(claimName);
        const { held, stop } = await desk.heartbeat(from, meaning.state(request.state), holding);
        const standings = holding.map((claim, index) => ({ claim, held: held[index] === true }));
        return { standings, stop: stop !== undefined, stopReason: stop ?? "" };
      }),
    report: (request, context) =>
      admitted(ask, context, async (from) => {
        const { output, statement, signature } = request;
        const detail = take("detail", sentence, request.detail);
        const outcome = meaning.outcome(request.outcome);
        await desk.report(from, claimName(request.claim), { outcome, output, detail, statement, signature });
        return {};
      }),
    release: (request, context) =>
      admitted(ask, context, async (from) => {
        const detail = take("detail", sentence, request.detail);
        await desk.release(from, claimName(request.claim), meaning.releaseReason(request.reason), detail);
        return {};
      }),
    reportViolation: (request, context) =>
      admitted(ask, context, async (from) => {
        await desk.reportViolation(from, claimName(request.claim), {
          kind: meaning.violationKind(request.kind),
          expected: take("expected", sentence, request.expected),
          observed: take("observed", sentence, request.observed),
          subjects: take("subjects", subjects, request.subjects),
        });
        return {};
      }),
  };
}

function putBlob(ask: Ask): ServiceImpl<typeof WorkerService>["putBlob"] {
  return (request, context) =>
    admitted(ask, context, async (from) => ({
      digest: await ask.desk.putBlob(from, claimName(request.claim), request.content),
    }));
}

function streams(ask: Ask): Pick<ServiceImpl<typeof WorkerService>, "claim" | "fetchBlob" | "control"> {
  const { desk } = ask;
  return {
    claim: (request, context) =>
      streamed(ask, context, async function* (from) {
        yield { event: { case: "opened" as const, value: {} } };
        const holding = request.holding.slice(0, holdingMax).map(claimName);
        for await (const { offer, token, attempt } of desk.claims(
          from,
          { capacity: request.capacity, holding },
          context.signal,
        )) {
          const { run, task, kind, input, leaseMs, trace } = offer;
          const traceparent = traceparentOf(run, task, attempt, trace);
          const value = { claim: { run, task, token }, kind: wireTaskKind[kind], input, leaseMs, attempt, traceparent };
          yield { event: { case: "task" as const, value } };
        }
      }),
    fetchBlob: (request, context) =>
      streamed(ask, context, async function* (from) {
        const content = await desk.fetchBlob(from, claimName(request.claim), request.digest);
        for (let at = 0; at < content.length; at += chunkBytes) yield { chunk: content.subarray(at, at + chunkBytes) };
      }),
    control: (_request, context) =>
      streamed(ask, context, async function* (from) {
        for await (const event of desk.control(from, context.signal)) yield { event: wireControl(event) };
      }),
  };
}

function wireControl(event: ControlEvent) {
  if (event.kind === "running") return { case: "running" as const, value: {} };
  const value = { reason: event.reason };
  return event.kind === "stopped" ? { case: "stopped" as const, value } : { case: "revoked" as const, value };
}

async function answer<T>({ onDefect }: Ask, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw connectFault(error, onDefect);
  }
}

function admitted<T>(ask: Ask, context: HandlerContext, call: (from: AdmittedWorker) => Promise<T>): Promise<T> {
  return answer(ask, () => call(workerOf(context)));
}

async function* streamed<T>(
  { onDefect }: Ask,
  context: HandlerContext,
  call: (from: AdmittedWorker) => AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* call(workerOf(context));
  } catch (error) {
    throw connectFault(error, onDefect);
  }
}

function take<T>(field: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  return raise("usage", `the call's ${field} cannot be taken: ${parsed.error.issues[0]?.message ?? "it is malformed"}`);
}
