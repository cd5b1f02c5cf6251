import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Problem } from "@assay/sdk";
import type { FastifyReply, FastifyRequest } from "fastify";
import { fault, raise } from "#domain";
import { allowedMethods } from "./allowed-methods.ts";
import { HttpFault } from "./http-fault.ts";
import type { HttpLog } from "./http-options.ts";
import { problem, problemMediaType, problemOf, problemReply, problemText } from "./problem.ts";

const serverErrorMin = 500;
/** What is not there now was meant not to be: a daemon that starts or stops is no failure. */
const unavailable = 503;

/** Every error as a problem. What is said of a defect stays in the log. */
export function answerErrors(log: HttpLog | undefined) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const said = problemOf(error, request.id);
    logFailure(log, request, said, error);
    if (said.status === 401) reply.header("www-authenticate", 'Bearer realm="assay"');
    if (error instanceof HttpFault) reply.headers(error.details.headers ?? {});
    return reply.send(problemReply(reply, said));
  };
}

/** Also of a defect, of which the client is told nothing. */
export function logFailure(log: HttpLog | undefined, request: FastifyRequest, said: Problem, error: unknown): void {
  if (said.status < serverErrorMin || said.status === unavailable) return;
  log?.error({ request: request.id, operation: request.routeOptions?.config.operation, error }, said.detail);
}

/** A path that is none, or is one for other methods: before a body of it is read. */
export async function refuseUnknown(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (!request.is404) return undefined;
  const allowed = allowedMethods(request.url.split("?", 1)[0] ?? "");
  if (allowed.length === 0)
    raise("not-found", "there is nothing at this path", "GET /openapi.json lists what there is");
  const allow = allowed.join(", ");
  // No CORS header ever: a preflight that is answered without one is refused by the browser.
  if (request.method === "OPTIONS") return reply.header("allow", allow).code(204).send();
  throw new HttpFault(fault("usage", `this path takes ${allow}`), { status: 405, headers: { allow } });
}

/** What could not be read as HTTP at all. The connection ends with it. */
export function answerParseErrors(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, said] = parseFault(error.code);
  const body = problemText(problem("unread", said, status));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `content-type: ${problemMediaType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      "x-content-type-options: nosniff",
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

function parseFault(code: string | undefined): [number, ReturnType<typeof fault>] {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return [431, fault("too-large", "the request's headers are too long")];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return [408, fault("usage", "the request was not complete in time")];
    default:
      return [400, fault("usage", "this is not an HTTP request as RFC 9112 has it")];
  }
}

/** For a response that the framework has let go of. */
export function sendRawProblem(response: ServerResponse, said: Problem): void {
  const body = problemText(said);
  response.writeHead(said.status, { "content-type": problemMediaType, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
