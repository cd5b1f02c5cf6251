import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { Code, ConnectError, createConnectRouter } from "@connectrpc/connect";
import {
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import { blobBytesMax } from "./claim-blobs.ts";
import type { WorkerDesk } from "./worker-desk.ts";
import { workerRoutes } from "./worker-routes.ts";

/** A message carries a blob, its claim, and what base64 adds in JSON. */
const messageBytesMax = Math.ceil((blobBytesMax * 4) / 3) + 64 * 1024;
/** What a client may ask a call to wait at most. */
const timeoutMsMax = 24 * 3600 * 1000;

export type ConnectHandler = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
) => boolean;

/**
 * Answers calls of the workers' protocol, whether as Connect, gRPC-Web or gRPC; `false` for any other request, of which nothing was read.
 * `onDefect` is told what no fault accounts for.
 */
export function connectHandler(desk: WorkerDesk, onDefect: (error: unknown) => void): ConnectHandler {
  const router = createConnectRouter({
    acceptCompression: [compressionGzip],
    readMaxBytes: messageBytesMax,
    writeMaxBytes: messageBytesMax,
    maxTimeoutMs: timeoutMsMax,
    shutdownSignal: desk.closing,
  });
  workerRoutes(desk, onDefect)(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return (request, response) => {
    const handler = handlers.get(request.url?.split("?", 1)[0] ?? "");
    if (handler === undefined) return false;
    handler(universalRequestFromNodeRequest(request, response, undefined, undefined))
      .then((answer) => universalResponseToNodeResponse(answer, response))
      .catch((error: unknown) => {
        // A client that is gone in the middle of its answer is no news.
        const { code } = ConnectError.from(error);
        if (code !== Code.Aborted && code !== Code.Canceled) onDefect(error);
        response.destroy();
      });
    return true;
  };
}
