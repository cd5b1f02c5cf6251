import type { RouteAnswer, RouteBody, RouteName, RouteParams, RouteQuery, Routes } from "@assay/sdk";
import type { Caller } from "./caller.ts";

/** A request as the schemas of its route have made it. */
export type RouteCall<K extends RouteName> = {
  caller: Caller;
  params: RouteParams<Routes[K]>;
  query: RouteQuery<Routes[K]>;
  body: RouteBody<Routes[K]>;
  idempotencyKey?: string;
  /** The header, as it came. */
  traceparent?: string;
  /** Aborted when the client is gone. */
  signal: AbortSignal;
};

/** Operations that are about the connection itself, not about the project. */
export type ConnectionRoutes = "live" | "ready" | "events" | "openSession" | "closeSession";

/** What answers each operation; throws a `FaultError`, which becomes a problem of that fault's HTTP status. */
export type Handlers = {
  [K in Exclude<RouteName, ConnectionRoutes>]: (call: RouteCall<K>) => Promise<RouteAnswer<Routes[K]>>;
};
