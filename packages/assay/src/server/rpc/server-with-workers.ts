import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { connectHandler } from "./connect-handler.ts";
import type { WorkerDesk } from "./worker-desk.ts";

/** How every HTTP/2 connection begins, in whose place no HTTP/1 request can stand. RFC 9113, section 3.4. */
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** A connection that says nothing, or too little to tell. */
const silentMsMax = 10_000;
const streamsMax = 100;
const sessionsMax = 2_000;

/**
 * One port for all: HTTP/1.1 and cleartext HTTP/2 are told apart by how a connection begins. Workers' calls go to the desk in either;
 * every other HTTP/1.1 request goes to `handler`, and other HTTP/2 requests are not found. A server's HTTP/2 connections end with the desk.
 */
export function serverWithWorkers(
  desk: WorkerDesk,
  onDefect: (error: unknown) => void,
  handler: RequestListener,
  make: (listener: RequestListener) => Server = createServer,
): Server {
  const answer = connectHandler(desk, onDefect);
  const server = make((request, response) => {
    if (!answer(request, response)) handler(request, response);
  });
  const http2 = http2Server(desk, answer);
  const [serveHttp1] = server.listeners("connection");
  if (serveHttp1 === undefined) throw new Error("Node's HTTP server does not listen to its connections");
  server.removeAllListeners("connection");
  const undecided = new Set<Socket>();
  server.on("connection", (socket) => {
    undecided.add(socket);
    socket.once("close", () => undecided.delete(socket));
    peek(socket, (isHttp2) => {
      undecided.delete(socket);
      if (isHttp2) {
        // Node's HTTP/1 server leaves connections half open. In HTTP/2 a client that closed its side is gone, and so are its streams.
        socket.allowHalfOpen = false;
        // Refused as a socket: a session that is destroyed while it begins would still be given what was read of it.
        if (http2.isFull()) socket.destroy();
        else http2.server.emit("connection", socket);
      } else serveHttp1.call(server, socket);
    });
  });
  const closeAll = server.closeAllConnections.bind(server);
  // The server knows of no connection that has not said yet what it speaks.
  server.closeAllConnections = () => {
    for (const socket of undecided) socket.destroy();
    closeAll();
  };
  return server;
}

function http2Server(desk: WorkerDesk, answer: ReturnType<typeof connectHandler>) {
  const sessions = new Set<ServerHttp2Session>();
  const http2 = createHttp2Server({ settings: { maxConcurrentStreams: streamsMax } }, (request, response) => {
    if (answer(request, response)) return;
    response.writeHead(404).end();
  });
  http2.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    // Its streams are told by themselves.
    session.on("error", () => session.destroy());
  });
  http2.on("sessionError", () => {});
  desk.closing.addEventListener("abort", () => {
    for (const session of sessions) session.close();
  });
  return { server: http2, isFull: () => sessions.size >= sessionsMax || desk.closing.aborted };
}

/** Reads until it is clear how the connection begins, and puts back what was read. */
function peek(socket: Socket, tell: (isHttp2: boolean) => void): void {
  let begun: Buffer = Buffer.alloc(0);
  const silent = setTimeout(() => socket.destroy(), silentMsMax);
  const onError = () => socket.destroy();
  const onClose = () => clearTimeout(silent);
  const onReadable = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    begun = Buffer.concat([begun, chunk]);
    const known = Math.min(begun.length, preface.length);
    const isLike = begun.subarray(0, known).equals(preface.subarray(0, known));
    if (isLike && known < preface.length) return;
    clearTimeout(silent);
    socket.off("readable", onReadable).off("end", onError).off("error", onError).off("close", onClose);
    socket.unshift(begun);
    tell(isLike);
  };
  // Who ends without a word is gone: nothing else would close this end of it before it counts as silent.
  socket.on("readable", onReadable).on("end", onError).on("error", onError).on("close", onClose);
}
