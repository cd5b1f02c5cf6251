import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { allScopes, routes } from "@assay/sdk";
import { EventTail } from "#app";
import { FaultError, faultPolicy, raise } from "#domain";
import type { Journal } from "#ports";
import { EventStreams, type EventStreamsOptions } from "#server";

/**
 * A server on loopback that serves nothing but a journal's events, to anybody unless `keys` are named. A
 * key is taken for its id.
 */
export type EventServer = AsyncDisposable & { url: string; streams: EventStreams; server: Server };

export type EventServerOptions = Partial<EventStreamsOptions> & {
  port?: number;
  keys?: readonly string[];
  /** Answers what it returns true for. */
  otherwise?: (request: IncomingMessage, response: ServerResponse) => boolean;
};

export async function serveEventsOf(
  journal: Journal,
  { port = 0, keys, otherwise = () => false, ...options }: EventServerOptions = {},
): Promise<EventServer> {
  const tail = new EventTail(journal);
  const streams = new EventStreams({ tailOf: () => tail, stillAllowed: () => true, ...options });
  const server = createServer((request, response) => {
    if (!otherwise(request, response)) void answer(streams, keys, request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    streams,
    server,
    async [Symbol.asyncDispose]() {
      streams.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  streams: EventStreams,
  keys: readonly string[] | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const url = new URL(request.url ?? "/", "http://localhost");
    const query = routes.events.query.parse(Object.fromEntries(url.searchParams));
    const keyId = request.headers.authorization?.replace(/^Bearer /, "") ?? "nobody";
    if (keys?.includes(keyId) === false) raise("unauthorized", "this is not a key of this daemon");
    const caller = { tenant: "default", keyId, scopes: new Set(allScopes) };
    await streams.serve({ caller, query }, response, request);
  } catch (error) {
    if (response.headersSent) return;
    const fault = error instanceof FaultError ? error.fault : { code: "defect" as const, message: String(error) };
    const { httpStatus } = faultPolicy(fault.code);
    response.writeHead(httpStatus, { "content-type": "application/problem+json" });
    response.end(
      JSON.stringify({
        type: `urn:assay:fault:${fault.code}`,
        title: fault.code,
        status: httpStatus,
        detail: fault.message,
        instance: "test",
        code: fault.code,
      }),
    );
  }
}
