import { createServer, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import { connectHandler } from "./connect-handler.ts";
import { http2Front } from "./http2-front.ts";
import { type RpcLimits, rpcLimits } from "./rpc-limits.ts";
import { newVisitors, type Visitors } from "./visitors.ts";
import type { WorkerDesk } from "./worker-desk.ts";

/** How every HTTP/2 connection begins, in whose place no HTTP/1 request can stand. RFC 9113, section 3.4. */
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** A connection that says nothing, or too little to tell. */
const silentMsMax = 10_000;

export type ServerWithWorkersOptions = {
  /** Makes the HTTP/1.1 server. Default: Node's. */
  make?: (listener: RequestListener) => Server;
  limits?: Partial<RpcLimits>;
  /** Shared with the other protocols of the port. */
  visitors?: Visitors;
};

/**
 * One port for all: HTTP/1.1 and cleartext HTTP/2 are told apart by how a connection begins. Workers' calls go to the desk in either;
 * every other HTTP/1.1 request goes to `handler`, and other HTTP/2 requests are not found. A server's HTTP/2 connections end with the desk.
 */
export function serverWithWorkers(
  desk: WorkerDesk,
  onDefect: (error: unknown) => void,
  handler: RequestListener,
  { make = createServer, limits: given = {}, visitors = newVisitors() }: ServerWithWorkersOptions = {},
): Server {
  const limits = { ...rpcLimits, ...given };
  const { strangers } = visitors;
  const answer = connectHandler(desk, onDefect, { limits, guesses: visitors.guesses });
  const server = make((request, response) => {
    if (!answer(request, response, () => strangers.letIn(request.socket))) handler(request, response);
  });
  const http2 = http2Front(desk.closing, answer, limits);
  const [serveHttp1] = server.listeners("connection");
  if (serveHttp1 === undefined) throw new Error("Node's HTTP server does not listen to its connections");
  server.removeAllListeners("connection");
  const undecided = new Set<Socket>();
  server.on("connection", (socket) => {
    strangers.connect(socket);
    undecided.add(socket);
    socket.once("close", () => undecided.delete(socket));
    peek(socket, (isHttp2) => {
      undecided.delete(socket);
      if (isHttp2) http2.serve(socket, () => strangers.letIn(socket));
      else serveHttp1.call(server, socket);
    });
  });
  const closeAll = server.closeAllConnections.bind(server);
  // The server knows neither those that have not said yet what they speak nor those of HTTP/2.
  server.closeAllConnections = () => {
    http2.closeAll();
    for (const socket of undecided) socket.destroy();
    closeAll();
  };
  return server;
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
