import type { FastifyReply, FastifyRequest } from "fastify";
import type { MutationLog } from "#ports";

const targetCharactersMax = 500;
const tooMany = 429;

/**
 * Writes down who asked for a change and what came of it, before the answer goes out: what cannot be written down is answered as a
 * fault. Requests over a rate limit are not: the limit is also what keeps the log from being filled.
 */
export function auditMutations(mutations: MutationLog, now: () => number) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { operation } = request.routeOptions.config;
    const caller = request.identity?.caller ?? request.refusedOwner;
    if (request.audited || request.method !== "POST" || operation === undefined || caller === undefined) return;
    if (reply.statusCode === tooMany) return;
    request.audited = true;
    await mutations.append({
      at: now(),
      tenant: caller.tenant,
      key: caller.keyId,
      operation,
      target: pathOf(request).slice(0, targetCharactersMax),
      status: reply.statusCode,
      request: request.id,
    });
  };
}

/** Without the query; percent-encoded as it came, so without control characters. */
function pathOf({ url }: FastifyRequest): string {
  return url.split("?", 1)[0] ?? "";
}
