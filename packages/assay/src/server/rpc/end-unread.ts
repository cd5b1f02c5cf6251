import type { IncomingMessage, ServerResponse } from "node:http";
import { constants, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";

type NodeRequest = IncomingMessage | Http2ServerRequest;
type NodeResponse = ServerResponse | Http2ServerResponse;

/**
 * Ends a call whose body does not come in `bodyMsMax`, and one that was answered without its body as soon as `bytesMax` of that have
 * come: they are thrown away, so that a client which sends before it listens hears the answer.
 */
export function endUnread(
  request: NodeRequest,
  response: NodeResponse,
  { bodyMsMax, bytesMax }: { bodyMsMax: number; bytesMax: number },
): void {
  const late = setTimeout(() => cut(request), bodyMsMax);
  const onTime = () => clearTimeout(late);
  request.once("end", onTime).once("close", onTime);
  response.once("finish", () => {
    if (request.readableEnded || request.destroyed) return;
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) cut(request);
    });
    request.resume();
  });
}

function cut(request: NodeRequest): void {
  if ("stream" in request) request.stream.close(constants.NGHTTP2_CANCEL);
  else request.socket.destroy();
}
