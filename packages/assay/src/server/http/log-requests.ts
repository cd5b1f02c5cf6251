import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpLog } from "./http-options.ts";

/** One line an answer: by the operation's name, never by its URL, which may hold anything. */
export function logRequests(log: HttpLog) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const caller = request.identity?.caller;
    log.info(
      {
        request: request.id,
        operation: request.routeOptions.config.operation,
        method: request.method,
        status: reply.raw.statusCode,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
        ...(caller === undefined ? {} : { tenant: caller.tenant, key: caller.keyId }),
      },
      "answered",
    );
  };
}
