import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { MutationLog } from "#ports";
import type { Authenticator } from "../auth/authenticator.ts";
import type { Handlers, RouteCall } from "../handlers.ts";
import type { Visitors } from "../rpc/visitors.ts";
import type { RateLimits } from "./rate-limits.ts";

/** Where the server says what it did. Nothing that it is given holds a key, a cookie, a query or a body. */
export type HttpLog = {
  info(what: Record<string, unknown>, message: string): void;
  error(what: Record<string, unknown>, message: string): void;
};

/**
 * Answers a request for events itself, from the status line on: Last-Event-ID is in the request's headers, what the server has set
 * already is in the response's. A rejection before anything was sent becomes a problem.
 */
export type ServeEvents = (
  call: RouteCall<"events">,
  response: ServerResponse,
  request: IncomingMessage,
) => Promise<void> | void;

export type HttpOptions = {
  handlers: Handlers;
  serveEvents: ServeEvents;
  /** The same one for every protocol that is served. */
  authenticator: Authenticator;
  mutations: MutationLog;
  /** Names without a port. Default: `localhost`, `127.0.0.1`, `[::1]`. */
  allowedHosts?: readonly string[];
  /** Whose pages may ask too, beyond the server's own: `https://assay.example.org`. */
  allowedOrigins?: readonly string[];
  /** A proxy in front speaks TLS: cookies and origins are those of https. */
  tlsInFront?: boolean;
  /** Whether work is taken; false while starting and stopping. */
  ready: () => boolean;
  /** What the OpenAPI document says. */
  version: string;
  log?: HttpLog;
  rateLimits?: Partial<RateLimits>;
  /** Milliseconds since the Unix epoch. */
  now?: () => number;
  /** Makes the server around this one's listener, which may put another in front of it. Default: `newServer`. */
  serverFactory?: (listener: RequestListener, visitors: Visitors) => Server;
};
