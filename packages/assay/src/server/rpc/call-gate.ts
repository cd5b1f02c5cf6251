import { type ContextValues, createContextKey, createContextValues, type HandlerContext } from "@connectrpc/connect";
import { FaultError, raise } from "#domain";
import { WorkerService } from "#wire";
import type { Caller } from "../caller.ts";
import { addressOf } from "../http/address-of.ts";
import type { Guesses } from "../http/guesses.ts";
import { MinuteCounts } from "../http/minute-counts.ts";
import type { Admission, AdmittedWorker } from "./admission.ts";
import { connectFault } from "./connect-fault.ts";
import { OpenCounts } from "./open-counts.ts";
import { isToken } from "./worker-tokens.ts";

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
  guesses: Guesses;
  /** In a minute: of one address that are refused, and of one API key. */
  strangerCallsMax: number;
  /** Of one worker at a time. */
  blobCallsMax: number;
  onDefect: (error: unknown) => void;
};

/**
 * Looks at who calls before anything of the call's body is read. A good token is never refused for what else comes from its address, and
 * a good API key only where keys were guessed.
 */
export function callGate(
  admission: Admission,
  { guesses, strangerCallsMax, blobCallsMax, onDefect }: CallGateOptions,
): (context: HandlerContext) => Promise<void> {
  const { challenge, register, putBlob } = WorkerService.method;
  const blobCalls = new OpenCounts(blobCallsMax);
  const refused = new MinuteCounts(strangerCallsMax);
  const ofKeys = new MinuteCounts(strangerCallsMax);
  const countKey = ({ tenant, keyId }: Pick<Caller, "tenant" | "keyId">) => ofKeys.add(`${tenant} ${keyId}`);
  return async (context) => {
    const { values, method } = context;
    const { address, letIn, onEnd } = values.get(visitKey);
    const bearer = bearerOf(context);
    const count = (error: unknown): never => {
      if (isUnauthorized(error)) refused.add(addressOf(address));
      throw error;
    };
    const countGuess = (error: unknown): never => {
      // A token that is over is no guess.
      if (isUnauthorized(error) && bearer !== "" && !isToken(bearer)) guesses.add(address);
      return count(error);
    };
    try {
      if (method.name === challenge.name || method.name === register.name) {
        if (!isToken(bearer)) guesses.refuseGuesser(address);
        if (method.name === challenge.name) countKey(await admission.visitor(bearer).catch(countGuess));
        else {
          const caller = await admission.caller(bearer).catch(countGuess);
          countKey(caller);
          values.set(callerKey, caller);
        }
      } else {
        const admitted = await admission.admit(bearer).catch(count);
        if (method.name === putBlob.name) onEnd(blobCalls.enter(admitted.worker.id) ?? refuseBlob(blobCallsMax));
        values.set(workerKey, admitted);
      }
      letIn();
    } catch (error) {
      throw connectFault(error, onDefect);
    }
  };
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof FaultError && error.fault.code === "unauthorized";
}

function refuseBlob(max: number): never {
  return raise("rate-limited", `a worker puts at most ${max} blobs at a time`, "put it when another one is kept");
}

function bearerOf({ requestHeader }: HandlerContext): string {
  return /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(requestHeader.get("authorization") ?? "")?.[1] ?? "";
}
