import { type RouteName, routes } from "@assay/sdk";
import type { FastifyReply, FastifyRequest } from "fastify";
import { raise } from "#domain";
import type { ConnectionRoutes, RouteCall } from "../handlers.ts";
import { logFailure, sendRawProblem } from "./errors.ts";
import type { HostPolicy } from "./host-policy.ts";
import type { HttpOptions } from "./http-options.ts";
import type { Identify } from "./identify.ts";
import { problemOf } from "./problem.ts";
import { type Answers, type AnyCall, callOf } from "./register-routes.ts";
import { sessionAnswers } from "./session-answers.ts";

export type AnswersOptions = Pick<HttpOptions, "handlers" | "authenticator" | "serveEvents" | "ready" | "log"> & {
  policy: HostPolicy;
  identify: Identify;
  now: () => number;
};

/** What answers each operation: the project's handlers, and here those that are about the connection itself. */
export function answers(options: AnswersOptions): Answers {
  const { handlers, ready } = options;
  const connection: Pick<Answers, ConnectionRoutes> = {
    live: async () => ({ status: "ok" }),
    ready: async () =>
      ready() ? { status: "ok" } : raise("stopped", "the daemon takes no work now: it starts or stops"),
    events: (request, reply) => serveRaw(options, request, reply),
    ...sessionAnswers(options),
  };
  const ofProject = Object.entries(handlers).map(([name, handler]) => {
    // The table made both: the schemas that make a call, and the type of the handler that takes it.
    const answer = handler as (call: AnyCall) => Promise<unknown>;
    return [name, (request: FastifyRequest, reply: FastifyReply) => answer(callOf(request, reply))];
  });
  const all = { ...Object.fromEntries(ofProject), ...connection } as Answers;
  const missing = (Object.keys(routes) as RouteName[]).filter((name) => all[name] === undefined);
  if (missing.length > 0) throw new Error(`nothing answers ${missing.join(", ")}`);
  return all;
}

/** The response is the stream's own from here on; headers that are set already go out with it. */
async function serveRaw(options: AnswersOptions, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const call: RouteCall<"events"> = callOf(request, reply);
  reply.hijack();
  const response = reply.raw;
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) response.setHeader(name, value);
  }
  const { expiresAt } = request.identity ?? {};
  // A stream must not outlive the right to read it.
  const expiry =
    expiresAt === undefined ? undefined : setTimeout(() => response.destroy(), timerMs(expiresAt - options.now()));
  try {
    await options.serveEvents(call, response, request.raw);
  } catch (error) {
    const said = problemOf(error, request.id);
    logFailure(options.log, request, said, error);
    // Once events went out there is no status left to tell; the client comes back with the last id it has.
    if (response.headersSent) response.destroy();
    else sendRawProblem(response, said);
  } finally {
    clearTimeout(expiry);
  }
}

/** Longer ones than this a timer does not hold: the client comes back, and its key is looked at again. */
function timerMs(untilMs: number): number {
  return Math.min(Math.max(0, untilMs), 2 ** 31 - 1);
}
