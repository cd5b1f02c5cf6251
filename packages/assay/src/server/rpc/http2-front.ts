import { createServer, type Http2Session, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { httpLimits } from "../http/limits.ts";
import type { ConnectHandler } from "./connect-handler.ts";
import { endUnread } from "./end-unread.ts";
import type { RpcLimits } from "./rpc-limits.ts";

const streamsMax = 100;
const sessionsMax = 2_000;

export type Http2Front = {
  /** Takes over a connection that has begun as HTTP/2; `known` is told when somebody was let in on it. */
  serve: (socket: Socket, known: () => void) => void;
  /** Cuts all connections off. */
  closeAll: () => void;
};

/** Serves workers' calls over cleartext HTTP/2 until `closing` aborts. What is no call of theirs is not found. */
export function http2Front(closing: AbortSignal, answer: ConnectHandler, limits: RpcLimits): Http2Front {
  const sessions = new Map<Http2Session, () => void>();
  const settings = { maxConcurrentStreams: streamsMax, maxHeaderListSize: httpLimits.headerBytesMax };
  const server = createServer({ settings, maxHeaderListPairs: httpLimits.headersMax }, (request, response) => {
    const { session } = request.stream;
    const letIn = session === undefined ? undefined : sessions.get(session);
    if (answer(request, response, letIn)) return;
    endUnread(request, response, { bodyMsMax: limits.bodyMsMax, bytesMax: limits.callBytesMax });
    response.writeHead(404).end();
  });
  server.on("sessionError", () => {});
  closing.addEventListener("abort", () => {
    for (const session of sessions.keys()) session.close();
  });
  const begin = (session: ServerHttp2Session, known: () => void) => {
    const stranger = setTimeout(() => session.destroy(), limits.strangerMsMax);
    sessions.set(session, () => {
      clearTimeout(stranger);
      known();
    });
    session.on("close", () => {
      clearTimeout(stranger);
      sessions.delete(session);
    });
    // Its streams are told by themselves.
    session.on("error", () => session.destroy());
    endIdle(session, limits.idleMsMax);
  };
  return {
    serve: (socket, known) => {
      // Node's HTTP/1 server leaves connections half open. In HTTP/2 a client that closed its side is gone, and so are its streams.
      socket.allowHalfOpen = false;
      // Refused as a socket: a session that is destroyed while it begins would still be given what was read of it.
      if (sessions.size >= sessionsMax || closing.aborted) {
        socket.destroy();
        return;
      }
      const begun = (session: ServerHttp2Session) => begin(session, known);
      server.on("session", begun).emit("connection", socket);
      server.off("session", begun);
    },
    closeAll: () => {
      for (const session of sessions.keys()) session.destroy();
    },
  };
}

/** Closes a session on which nothing comes or goes; while it has open streams it is asked first whether anybody is there. */
function endIdle(session: ServerHttp2Session, idleMsMax: number): void {
  let streams = 0;
  session.on("stream", (stream) => {
    streams++;
    stream.once("close", () => {
      streams--;
    });
  });
  session.on("timeout", () => {
    if (streams === 0) return session.close();
    const lost = setTimeout(() => session.destroy(), idleMsMax);
    session.ping(() => {
      clearTimeout(lost);
      session.setTimeout(idleMsMax);
    });
  });
  session.setTimeout(idleMsMax);
}
