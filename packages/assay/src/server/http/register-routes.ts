import { type Route, type RouteName, routes } from "@assay/sdk";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { raise } from "#domain";
import type { RouteCall } from "../handlers.ts";
import { abortWhenGone } from "./abort-when-gone.ts";
import { bodyBytesMax } from "./limits.ts";
import { idempotencyKeySchema, routeSchema } from "./route-schema.ts";

/** Any operation's call: the table says which schemas made it. */
export type AnyCall = RouteCall<"events"> & { params: unknown; query: unknown; body: unknown };
/** Answers with what the route's schema describes. A reply that it has sent itself is `undefined`. */
export type Answers = Record<RouteName, (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>>;

/** Every operation of the table, and nothing but the table. */
export function registerRoutes(app: FastifyInstance, answers: Answers): void {
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name];
    app.route({
      method: route.method,
      url: route.path,
      // What answers with a stream would begin one.
      exposeHeadRoute: route.method === "GET" && route.answer.kind !== "events",
      bodyLimit: bodyBytesMax(name),
      config: { operation: name },
      schema: routeSchema(name, route),
      preValidation: async (request) => {
        checkBeforeSchemas(route, request);
        // No body is one in which nothing is said.
        if (route.body !== undefined && request.body === undefined) request.body = {};
      },
      handler: async (request, reply) => {
        const content = await answers[name](request, reply);
        if (reply.sent) return reply;
        return sendAnswer(route, reply, content);
      },
    });
  }
}

/** A call as the handlers take it. Only for routes with a scope: `admission` has set whose it is. */
export function callOf(request: FastifyRequest, reply: FastifyReply): AnyCall {
  const { identity, params, query, body } = request;
  if (identity === undefined) throw new Error("a handler was reached without a caller");
  const idempotencyKey = idempotencyKeyOf(request);
  const { traceparent } = request.headers;
  const given = typeof traceparent === "string" ? { traceparent } : {};
  const call = { caller: identity.caller, params, query, body, ...given, signal: abortWhenGone(reply.raw) };
  return { ...call, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) } as AnyCall;
}

function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const text = headers["idempotency-key"];
  if (text === undefined) return undefined;
  const parsed = idempotencyKeySchema.safeParse(text);
  return parsed.success
    ? parsed.data
    : raise("usage", "Idempotency-Key is 1 to 200 printable characters, without blanks");
}

/** What the schemas do not say: no body where none is taken, and no control characters in names. */
function checkBeforeSchemas(route: Route, { params, body }: FastifyRequest): void {
  if (route.method === "POST" && route.body === undefined) {
    if (body !== undefined && body !== null && !emptyBodySchema.safeParse(body).success) {
      raise("usage", "this operation takes no body");
    }
  }
  for (const [name, value] of Object.entries(params ?? {})) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    if (/[\x00-\x1f\x7f]/.test(String(value))) raise("usage", `${name} has a control character in it`);
  }
}

const emptyBodySchema = z.strictObject({});

function sendAnswer({ answer, status }: Route, reply: FastifyReply, content: unknown): unknown {
  reply.code(status);
  switch (answer.kind) {
    case "json":
      return reply.send(content);
    case "bytes":
      if (!(content instanceof Uint8Array)) throw new TypeError("an answer of bytes is no bytes");
      // It is the project's own content: never a page of this origin.
      reply.header("content-disposition", "attachment").type("application/octet-stream");
      return reply.send(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
    case "text":
      if (typeof content !== "string") throw new TypeError("an answer of text is no text");
      return reply.type(answer.mediaType).send(content);
    case "events":
      throw new TypeError("events were not answered");
  }
}
