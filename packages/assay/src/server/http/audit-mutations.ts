import type { RouteName } from "@assay/sdk";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { MutationLog } from "#ports";
import { untilDone } from "../until-done.ts";
import { problemOf, problemReply } from "./problem.ts";

const targetCharactersMax = 500;
const tooMany = 429;
const refusedMin = 400;
/** What is not known yet. */
const begunStatus = 0;

/** Waits for no disk: what it halts is halted, and that is written down when it can be. */
const unwaited: RouteName = "emergencyStop";

const madeKeySchema = z.object({ view: z.object({ id: z.string() }) });

export type Audit = {
  mutations: MutationLog;
  now: () => number;
  /** Told of what could not be written down. */
  onProblem: (error: unknown, request: FastifyRequest) => void;
};

/** The number of a record that was begun before its change; `undefined` in `first`: it could not be, and is in `later`, if ever. */
export type BegunRecord = { first: Promise<number | undefined>; later?: Promise<number | undefined> };

/**
 * Writes down who asked for a change before it is made, and then what came of it. Where the first cannot be done the change is not made,
 * and the fault is the answer; the emergency stop alone is made all the same. Where the second cannot be done the answer goes out as it
 * is: that somebody asked is on record. Requests over a rate limit are not written down: the limit also keeps the log from being filled.
 */
export function auditMutations(app: FastifyInstance, audit: Audit): void {
  const { mutations, onProblem } = audit;
  const closing = new AbortController();
  app.addHook("onClose", async () => closing.abort());
  // Behind the schemas: what they refuse changes nothing.
  app.addHook("preHandler", async (request) => {
    if (!isMutation(request) || request.identity === undefined) return;
    if (request.routeOptions.config.operation === unwaited) {
      request.audited = untilBegun(audit, request, closing.signal);
    } else {
      const begun = mutations.append(recordOf(request, begunStatus, audit));
      request.audited = { first: begun.catch(() => undefined) };
      await begun;
    }
  });
  app.addHook("preSerialization", async (request, _reply, answer: unknown) => {
    if (request.routeOptions.config.operation === "createKey")
      request.made = madeKeySchema.safeParse(answer).data?.view.id;
    return answer;
  });
  app.addHook("onSend", async (request, reply, payload) => {
    if (!isMutation(request) || reply.statusCode === tooMany) return payload;
    const {
      statusCode,
      request: { audited, identity, refusedOwner },
    } = reply;
    const settle = async (seq: number | undefined) => {
      if (seq !== undefined) await mutations.settle(seq, statusCode, madeTarget(reply.request));
      return seq !== undefined;
    };
    try {
      if (audited !== undefined) {
        const isSettled = await settle(await audited.first);
        // Not waited for: it may take as long as the disk is full.
        if (!isSettled) void audited.later?.then(settle).catch((error) => onProblem(error, request));
      } else if (identity !== undefined || refusedOwner !== undefined) {
        await mutations.append(recordOf(request, statusCode, audit));
      }
    } catch (error) {
      onProblem(error, request);
      // Nothing was changed by what was refused. Of the rest only a session is not written down before: nobody gets to know it.
      if (audited === undefined && statusCode < refusedMin) return refuse(request, reply, error);
    }
    return payload;
  });
}

/** Which of many it became. */
function madeTarget(request: FastifyRequest): string | undefined {
  return request.made === undefined ? undefined : `${targetOf(request)}/${request.made}`;
}

/** Without the query; percent-encoded as it came, so without control characters. */
function targetOf({ url }: FastifyRequest): string {
  return (url.split("?", 1)[0] ?? "").slice(0, targetCharactersMax);
}

function isMutation(request: FastifyRequest): boolean {
  return request.method === "POST" && request.routeOptions.config.operation !== undefined;
}

function untilBegun(audit: Audit, request: FastifyRequest, signal: AbortSignal): BegunRecord {
  const record = recordOf(request, begunStatus, audit);
  let begun: number | undefined;
  const { first, over } = untilDone(
    async () => {
      begun = await audit.mutations.append(record);
    },
    { signal, onFailed: (error) => audit.onProblem(error, request) },
  );
  return { first: first.then(() => begun), later: over.then(() => begun) };
}

function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): Buffer {
  reply.removeHeader("set-cookie").removeHeader("content-length");
  return problemReply(reply, problemOf(error, request.id));
}

function recordOf(request: FastifyRequest, status: number, { now }: Audit): Parameters<MutationLog["append"]>[0] {
  const caller = request.identity?.caller ?? request.refusedOwner;
  return {
    at: now(),
    tenant: caller?.tenant ?? "",
    key: caller?.keyId ?? "",
    operation: request.routeOptions.config.operation ?? "",
    target: targetOf(request),
    status,
    request: request.id,
  };
}
