import { createServer, type RequestListener, type Server } from "node:http";
import { httpLimits } from "./limits.ts";

export type ServerLimits = Readonly<Record<keyof typeof httpLimits, number>>;

/** A server whose connections are bounded in number, size and slowness. */
export function newServer(listener: RequestListener, limits: ServerLimits = httpLimits): Server {
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headersMsMax,
      requestTimeout: limits.requestMsMax,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.connectionsCheckMs,
      // Refused like the others, with a problem.
      requireHostHeader: false,
      insecureHTTPParser: false,
    },
    listener,
  );
  server.maxHeadersCount = limits.headersMax;
  server.maxConnections = limits.connectionsMax;
  return server;
}
