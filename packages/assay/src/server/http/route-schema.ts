import { problemSchema, type Route, type RouteName } from "@assay/sdk";
import type { FastifySchema } from "fastify";
import { z } from "zod";
import { problemMediaType } from "./problem.ts";

declare module "fastify" {
  interface FastifySchema {
    hide?: boolean;
    operationId?: string;
    summary?: string;
    tags?: readonly string[];
    security?: readonly Record<string, readonly string[]>[];
  }
}

const nothing = z.strictObject({});

/** Printable, without blanks. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,200}$/);

/** Headers that an operation looks at, besides those of every request. Loose: a request has many more. */
const headers: Partial<Record<RouteName, z.ZodObject>> = {
  createRun: z.looseObject({ "idempotency-key": idempotencyKeySchema.optional() }),
  events: z.looseObject({ "last-event-id": z.string().max(100).optional() }),
};

/** What a request is validated by, what an answer is validated by, and what the OpenAPI document says: one thing. */
export function routeSchema(name: RouteName, route: Route): FastifySchema {
  const problems = { description: "RFC 9457", content: { [problemMediaType]: { schema: problemSchema } } };
  return {
    operationId: name,
    summary: route.summary,
    tags: [tagOf(route.path)],
    security: route.scope === undefined ? [] : [{ key: [] }, { session: [] }],
    // Strict: a filter with a mistyped name would otherwise show everything.
    querystring: route.query?.strict() ?? nothing,
    ...(headers[name] === undefined ? {} : { headers: headers[name] }),
    ...(route.params === undefined ? {} : { params: route.params.strict() }),
    ...(route.body === undefined ? {} : { body: route.body }),
    response: {
      [route.status]: answerSchema(route),
      ...Object.fromEntries(problemStatuses(route).map((status) => [status, problems])),
    },
  };
}

function answerSchema({ answer, summary }: Route): unknown {
  switch (answer.kind) {
    case "json":
      return { description: summary, content: { "application/json": { schema: answer.schema } } };
    case "bytes":
      return { description: summary, content: { "application/octet-stream": { schema: z.string() } } };
    case "text":
      return { description: summary, content: { [answer.mediaType]: { schema: z.string() } } };
    case "events":
      return { description: summary, content: { "text/event-stream": { schema: z.string() } } };
  }
}

function problemStatuses({ method, params, body }: Route): string[] {
  return [
    ...["400", "401", "403", "413", "429", "5xx"],
    ...(params === undefined ? [] : ["404"]),
    ...(method === "POST" ? ["409", "415", "422"] : []),
    // A budget that is spent.
    ...(body === undefined ? [] : ["402"]),
  ];
}

/** `/v1/runs/:run/cancel` stands under `runs`, what has no version under its first word. */
function tagOf(path: string): string {
  const [first = "daemon", second] = path.split("/").filter((part) => part !== "");
  return first === "v1" && second !== undefined ? second : first;
}
