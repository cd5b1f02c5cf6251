import { randomUUID } from "node:crypto";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import fastify, { type FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { raise } from "#domain";
import { newVisitors } from "../rpc/visitors.ts";
import { admission } from "./admit.ts";
import { answers } from "./answers.ts";
import { auditMutations } from "./audit-mutations.ts";
import { boundBlobs } from "./bound-blobs.ts";
import { documentation } from "./documentation.ts";
import { answerErrors, answerParseErrors, refuseUnknown } from "./errors.ts";
import type { HttpOptions } from "./http-options.ts";
import { identification } from "./identify.ts";
import { httpLimits } from "./limits.ts";
import { logRequests } from "./log-requests.ts";
import { newServer } from "./new-server.ts";
import { defaultRateLimits, rateLimiters } from "./rate-limits.ts";
import { registerRoutes } from "./register-routes.ts";
import { securityHeaders } from "./security-headers.ts";
import { takeJsonOnly } from "./take-json-only.ts";

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

export type HttpServer = AsyncDisposable & {
  /** Answers as soon as it listens. */
  server: Server;
  /** The address that it answers at: `http://127.0.0.1:8420`. Rejects when the port is taken. */
  listen(options: { host: string; port: number }): Promise<string>;
  /** Takes no more connections, lets requests under way end, and cuts off what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
};

/** Everything between the socket and the handlers. */
export async function createHttpServer(options: HttpOptions): Promise<HttpServer> {
  const { authenticator, mutations, now = Date.now, log, serverFactory = makeServer } = options;
  const policy = {
    allowedHosts: (options.allowedHosts ?? loopbackNames).map((name) => name.toLowerCase()),
    allowedOrigins: options.allowedOrigins ?? [],
    tlsInFront: options.tlsInFront ?? false,
  };
  const limits = { ...defaultRateLimits, ...options.rateLimits };
  const visitors = newVisitors(limits);
  const onError = answerErrors(log);
  const app = fastify({
    serverFactory: (listener) => serverFactory(listener as RequestListener, visitors),
    logger: false,
    bodyLimit: httpLimits.bodyBytesMax,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    // A parameter's length is its schema's to judge, and the URL's is bounded.
    routerOptions: { maxParamLength: httpLimits.urlBytesMax },
    clientErrorHandler: answerParseErrors,
    frameworkErrors: (error, request, reply) => void onError(error, request, reply),
    forceCloseConnections: false,
    // The handlers know best what is still answered while the daemon stops.
    return503OnClosing: false,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest("identity", undefined);
  app.decorateRequest("refusedOwner", undefined);
  app.decorateRequest("audited", undefined);
  app.decorateRequest("made", undefined);
  takeJsonOnly(app);
  await app.register(helmet, securityHeaders(policy.tlsInFront));
  await app.register(cookie);
  const limiters = rateLimiters(limits);
  const identify = identification({ limiters, ...visitors });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id).header("cache-control", "no-store");
  });
  app.addHook("onRequest", admission({ authenticator, policy, limiters, identify }));
  app.addHook("onRequest", refuseUnknown);
  app.addHook("onRequest", boundBlobs());
  auditMutations(app, {
    mutations,
    now,
    onProblem: (error, request) => log?.error({ request: request.id, error }, "a mutation could not be written down"),
  });
  if (log !== undefined) app.addHook("onResponse", logRequests(log));
  app.setErrorHandler(onError);
  // Of the page's files: every other path that is none was refused by then.
  app.setNotFoundHandler(() => raise("not-found", "there is no such file"));
  await documentation(app, options.version);
  registerRoutes(app, answers({ ...options, policy, identify, now }));
  await app.ready();
  return httpServer(app);
}

function makeServer(listener: RequestListener): Server {
  return newServer(listener);
}

function httpServer(app: FastifyInstance): HttpServer {
  const { server } = app;
  const close = async (graceMs: number) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
    try {
      const closed = app.close();
      server.closeIdleConnections();
      await closed;
    } finally {
      clearTimeout(cutOff);
    }
  };
  return {
    server,
    listen: async ({ host, port }) => {
      await app.listen({ host, port });
      const { address, family, port: taken } = server.address() as AddressInfo;
      return `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`;
    },
    close,
    [Symbol.asyncDispose]: () => close(0),
  };
}
