import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { fault } from "#domain";
import { sendRawProblem } from "./errors.ts";
import { httpLimits } from "./limits.ts";
import { problem } from "./problem.ts";

const expectationFailed = 417;

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
  server.on("checkExpectation", (_request, response: ServerResponse) => {
    const said = fault("usage", "the Expect header asks for what is not offered", "leave it out");
    sendRawProblem(response, problem("unread", said, expectationFailed));
  });
  server.maxHeadersCount = limits.headersMax;
  server.maxConnections = limits.connectionsMax;
  return server;
}
