import type { ServerResponse } from "node:http";

/** A proxy must neither keep nor hold back what is sent. */
export function beginStream(response: ServerResponse): void {
  // Chunks would make three writes of one event for each client. A stream has no end that somebody must tell from a broken connection.
  if (response.req.httpVersionMajor === 1) {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
  }
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
  });
}
