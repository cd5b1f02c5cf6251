import { type ContextValues, createContextKey, createContextValues, type HandlerContext } from "@connectrpc/connect";
import { FaultError, raise } from "#domain";
import { WorkerService } from "#wire";
import type { Caller } from "../caller.ts";
import type { Admission, AdmittedWorker } from "./admission.ts";
import { connectFault } from "./connect-fault.ts";
import { OpenCounts } from "./open-counts.ts";
import type { Strangers } from "./strangers.ts";

/** Where a call comes from. */
export type Visit = {
  address: string | undefined;
  /** Whoever makes the call may. */
  letIn: () => void;
  /** Calls back when the call is over. */
  onEnd: (ended: () => void) => void;
};

const visitKey = createContextKey<Visit>({ address: undefined, letIn: () => {}, onEnd: () => {} });
const callerKey = createContextKey<Caller | undefined>(undefined);
const workerKey = createContextKey<AdmittedWorker | undefined>(undefined);

export function valuesOf(visit: Visit): ContextValues {
  return createContextValues().set(visitKey, visit);
}

/** Whose API key the call came with; the gate let nobody else in. */
export function callerOf({ values }: HandlerContext): Caller {
  return known(values.get(callerKey));
}

/** The worker that calls; the gate let nobody else in. */
export function workerOf({ values }: HandlerContext): AdmittedWorker {
  return known(values.get(workerKey));
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a call has come past the gate");
  return value;
}

export type CallGateOptions = {
  strangers: Strangers;
  /** Of one worker at a time. */
  blobCallsMax: number;
  onDefect: (error: unknown) => void;
};

/** Looks at who calls before anything of the call's body is read. A good token is never refused for what else comes from its address. */
export function callGate(
  admission: Admission,
  { strangers, blobCallsMax, onDefect }: CallGateOptions,
): (context: HandlerContext) => Promise<void> {
  const { challenge, register, putBlob } = WorkerService.method;
  const blobCalls = new OpenCounts(blobCallsMax);
  return async (context) => {
    const { values, method } = context;
    const { address, letIn, onEnd } = values.get(visitKey);
    const bearer = bearerOf(context);
    try {
      if (method.name === challenge.name || method.name === register.name) {
        strangers.call(address);
        if (method.name === challenge.name) await admission.visitor(bearer);
        else values.set(callerKey, await admission.caller(bearer));
      } else {
        const admitted = await admission.admit(bearer).catch(counted(strangers, address));
        if (method.name === putBlob.name) onEnd(blobCalls.enter(admitted.worker.id) ?? refuseBlob(blobCallsMax));
        values.set(workerKey, admitted);
      }
      letIn();
    } catch (error) {
      throw connectFault(error, onDefect);
    }
  };
}

function counted(strangers: Strangers, address: string | undefined): (error: unknown) => never {
  return (error) => {
    if (error instanceof FaultError && error.fault.code === "unauthorized") strangers.call(address);
    throw error;
  };
}

function refuseBlob(max: number): never {
  return raise("rate-limited", `a worker puts at most ${max} blobs at a time`, "put it when another one is kept");
}

function bearerOf({ requestHeader }: HandlerContext): string {
  return /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(requestHeader.get("authorization") ?? "")?.[1] ?? "";
}
