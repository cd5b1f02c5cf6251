import type { z } from "zod";
import type { Route, RouteAnswer } from "../api/route.ts";
import { type RouteName, type Routes, routes } from "../api/routes.ts";
import { ownProblem, parseJson } from "./assay-problem.ts";
import type { Connection } from "./connection.ts";

type Given<T> = { [K in keyof T]: T[K] | undefined };

/** Left out where all in it may be. */
type BodyInput<B> = undefined extends B ? { body?: B } : { body: B };

/** What a route takes, as far as it takes it. */
export type RouteInput<R extends Route> = (R extends { params: infer P extends z.ZodObject }
  ? { params: z.input<P> }
  : unknown) &
  (R extends { query: infer Q extends z.ZodObject } ? { query?: Given<Partial<z.output<Q>>> } : unknown) &
  (R extends { body: infer B extends z.ZodType } ? BodyInput<z.input<B>> : unknown) & {
    /** The same key with the same input does once what is asked twice. */
    idempotencyKey?: string | undefined;
    /** W3C trace context of the caller: the run's spans stand below it. */
    traceparent?: string | undefined;
    signal?: AbortSignal | undefined;
  };

/** Every operation but the stream of events, which `client.events` reads. */
export type CallName = Exclude<RouteName, "events">;

/** Left out where nothing has to be said. */
export type CallInput<K extends CallName> =
  Record<never, never> extends RouteInput<Routes[K]> ? [input?: RouteInput<Routes[K]>] : [input: RouteInput<Routes[K]>];

type AnyInput = {
  params?: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  idempotencyKey?: string | undefined;
  traceparent?: string | undefined;
  signal?: AbortSignal | undefined;
};

/** Calls one operation of the table; the answer is parsed by its schema. Throws an `AssayProblem`. */
export async function callRoute<K extends CallName>(
  connection: Connection,
  name: K,
  ...[input]: CallInput<K>
): Promise<RouteAnswer<Routes[K]>> {
  const { params = {}, query = {}, body, idempotencyKey, traceparent, signal }: AnyInput = input ?? {};
  const route: Route = routes[name];
  const response = await connection.send({
    method: route.method,
    path: `${filledPath(route.path, params)}${queryText(query)}`,
    headers: {
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      ...(traceparent === undefined ? {} : { traceparent }),
    },
    // An operation that takes something takes JSON, also where all of it may be left out.
    ...(route.body === undefined ? {} : { body: body ?? {} }),
    signal,
  });
  const bytes = await connection.read(response, signal);
  return parseAnswer(name, route, bytes) as RouteAnswer<Routes[K]>;
}

function parseAnswer(name: CallName, { answer }: Route, bytes: Uint8Array): unknown {
  if (answer.kind === "bytes") return bytes;
  const text = new TextDecoder().decode(bytes);
  if (answer.kind !== "json") return text;
  const parsed = answer.schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const detail = `the answer to ${name} is not what this client expects: ${parsed.error.issues[0]?.message ?? "it is no JSON"}`;
  throw ownProblem("defect", 200, detail, "use a client of the daemon's version");
}

/** The path with each `:name` filled in. */
function filledPath(path: string, params: Readonly<Record<string, unknown>>): string {
  return path.replaceAll(/:([a-z]+)/gi, (_, name: string) => encodeURIComponent(String(params[name])));
}

/** With its question mark; empty for nothing. */
export function queryText(query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
}
