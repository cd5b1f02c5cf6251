import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { Code, ConnectError, type ContextValues, createConnectRouter } from "@connectrpc/connect";
import {
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import { callGate, valuesOf } from "./call-gate.ts";
import { endUnread } from "./end-unread.ts";
import { type RpcLimits, rpcLimits } from "./rpc-limits.ts";
import { newVisitors, type Visitors } from "./visitors.ts";
import type { WorkerDesk } from "./worker-desk.ts";
import { workerRoutes } from "./worker-routes.ts";

/** What a client may ask a call to wait at most. */
const timeoutMsMax = 24 * 3600 * 1000;

export type ConnectHandler = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
  /** Told when somebody was let in. */
  letIn?: () => void,
) => boolean;

export type ConnectHandlerOptions = { limits?: RpcLimits; guesses?: Visitors["guesses"] };

/**
 * Answers calls of the workers' protocol, whether as Connect, gRPC-Web or gRPC; `false` for any other request, of which nothing was read.
 * `onDefect` is told what no fault accounts for.
 */
export function connectHandler(
  desk: WorkerDesk,
  onDefect: (error: unknown) => void,
  { limits = rpcLimits, guesses = newVisitors().guesses }: ConnectHandlerOptions = {},
): ConnectHandler {
  const router = createConnectRouter({
    acceptCompression: [compressionGzip],
    readMaxBytes: limits.callBytesMax,
    writeMaxBytes: limits.blobCallBytesMax,
    maxTimeoutMs: timeoutMsMax,
    shutdownSignal: desk.closing,
    requestGate: callGate(desk.admission, { ...limits, guesses, onDefect }),
  });
  workerRoutes(desk, onDefect, { blobCallBytesMax: limits.blobCallBytesMax })(router);
  // The last one of a path counts: PutBlob with its own limit.
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  const unread = { bodyMsMax: limits.bodyMsMax, bytesMax: limits.blobCallBytesMax };
  return (request, response, letIn = () => {}) => {
    const handler = handlers.get(request.url?.split("?", 1)[0] ?? "");
    if (handler === undefined) return false;
    endUnread(request, response, unread);
    const onEnd = (ended: () => void) => void (response.destroyed ? ended() : response.once("close", ended));
    const visit = valuesOf({ address: request.socket.remoteAddress, letIn, onEnd });
    const called = requestOf(request, response, visit);
    if (called === undefined) {
      response.statusCode = 400;
      response.end();
      return true;
    }
    handler(called)
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

/** `undefined` for a call without the name of a host, or with one that can be none. */
function requestOf(
  request: Parameters<ConnectHandler>[0],
  response: Parameters<ConnectHandler>[1],
  values: ContextValues,
): ReturnType<typeof universalRequestFromNodeRequest> | undefined {
  try {
    const called = universalRequestFromNodeRequest(request, response, undefined, values);
    // What is left of a body is `endUnread`'s: a connection that is cut with it would take the answer along.
    return { ...called, body: request.iterator({ destroyOnReturn: false }) };
  } catch {
    return undefined;
  }
}
