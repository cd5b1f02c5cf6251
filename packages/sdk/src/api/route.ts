import type { z } from "zod";
import type { Scope } from "./scope.ts";

/** How the answer comes: JSON by a schema, bytes, text, or a stream of server-sent events. */
export type Answer =
  | { kind: "json"; schema: z.ZodType }
  | { kind: "bytes" }
  | { kind: "text"; mediaType: string }
  | { kind: "events" };

/** One operation of the API: the server registers it, the client calls it, the OpenAPI document and the tests are made of it. */
export type Route = {
  method: "GET" | "POST";
  /** With `:name` for each of `params`. */
  path: `/${string}`;
  /** What the caller's key must hold; `undefined`: no key is asked for. */
  scope: Scope | undefined;
  /** About all that the daemon does, whoever's it is: for keys of the default tenant alone. */
  ofDaemon?: true;
  /** One line. */
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  status: 200 | 201 | 202 | 204;
  answer: Answer;
};

/** Keeps the literal types of a table of routes. */
export function defineRoutes<const T extends Readonly<Record<string, Route>>>(routes: T): T {
  return routes;
}

export type RouteParams<R extends Route> = R extends { params: infer P extends z.ZodObject } ? z.output<P> : unknown;
export type RouteQuery<R extends Route> = R extends { query: infer Q extends z.ZodObject } ? z.output<Q> : unknown;
export type RouteBody<R extends Route> = R extends { body: infer B extends z.ZodType } ? z.output<B> : unknown;
/** What a caller writes: defaults may be left out. */
export type RouteQueryInput<R extends Route> = R extends { query: infer Q extends z.ZodObject } ? z.input<Q> : unknown;
export type RouteBodyInput<R extends Route> = R extends { body: infer B extends z.ZodType } ? z.input<B> : unknown;
export type RouteAnswer<R extends Route> = R["answer"] extends { kind: "json"; schema: infer S extends z.ZodType }
  ? z.output<S>
  : R["answer"] extends { kind: "bytes" }
    ? Uint8Array
    : R["answer"] extends { kind: "text" }
      ? string
      : never;
