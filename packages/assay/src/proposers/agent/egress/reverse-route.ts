import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import type { EgressBounds, EgressTally } from "./egress-tally.ts";
import { redact } from "./redact.ts";

/** An API that the agent reaches at `/NAME/…`, with the credential added here. */
export type Route = {
  name: string;
  baseUrl: URL;
  /** Lower-case. */
  header: string;
  /** The header's whole value. */
  value: string;
  /** The credential alone: crossed out of every answer, should the server repeat it. */
  secret: string;
};

export type RouteOptions = { tally: EgressTally; bounds: EgressBounds };

/** Passes a request on to the route's server and its answer back. Redirects are answers: the credential follows none. */
export function forward(
  route: Route,
  rest: string,
  asked: IncomingMessage,
  answer: ServerResponse,
  options: RouteOptions,
): void {
  const { tally } = options;
  const url = targetOf(route.baseUrl, rest);
  if (url === undefined) {
    tally.refuse(`/${route.name}/`);
    refuse(answer, 403, "the path leaves the upstream's base URL");
  } else if (tally.admit(url.host)) pass(route, url, asked, answer, options);
  else refuse(answer, 429, "the agent's limit of requests or bytes is reached");
}

function pass(
  route: Route,
  url: URL,
  asked: IncomingMessage,
  answer: ServerResponse,
  { tally, bounds }: RouteOptions,
): void {
  const headers = {
    ...passed(asked.headers, route.header),
    "accept-encoding": "identity",
    [route.header]: route.value,
  };
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const outer = send(url, { method: asked.method ?? "GET", headers, timeout: bounds.idleMsMax });
  const end = () => {
    outer.destroy();
    answer.destroy();
  };
  outer.once("timeout", () => outer.destroy(new Error("no answer")));
  outer.on("error", () => refuse(answer, 502, `the upstream ${route.name} cannot be reached`));
  outer.once("response", (response) => {
    const clean = redact(route.secret);
    response.on("data", (chunk: Buffer) => void (tally.receive(chunk.length) || end()));
    response.on("error", end);
    clean.on("error", end);
    answer.writeHead(response.statusCode ?? 502, withoutSecret(passed(response.headers, "set-cookie"), route.secret));
    response.pipe(clean).pipe(answer);
  });
  asked.on("data", (chunk: Buffer) => void (tally.send(chunk.length) || end()));
  // An agent may go away at any time, also while something is written to it.
  for (const side of [asked, answer]) side.on("error", end);
  answer.once("close", () => outer.destroy());
  asked.pipe(outer);
}

export function refuse(answer: ServerResponse, status: number, why: string): void {
  if (answer.headersSent) return void answer.destroy();
  answer.writeHead(status, { "content-type": "text/plain", connection: "close" }).end(`assay: ${why}\n`);
}

/** Where a path leads below a base; `undefined` where it would leave it. */
export function targetOf(base: URL, rest: string): URL | undefined {
  const [path = "", ...query] = rest.split("?");
  const folder = base.pathname.replace(/\/+$/, "");
  const url = new URL(base);
  url.pathname = `${folder}${path}`;
  if (query.length > 0) url.search = query.join("?");
  return url.pathname === folder || url.pathname.startsWith(`${folder}/`) ? url : undefined;
}

const ofTheConnection =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|accept-encoding|expect)$/;
const credentials = /^(?:authorization|x-api-key|api-key|x-goog-api-key|cookie)$/;

/** Headers of a message that mean something at its other end; credentials of the agent's own are placeholders. */
function passed(headers: IncomingHttpHeaders, without: string): IncomingHttpHeaders {
  const named = (headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  const drop = (name: string) =>
    name === without || ofTheConnection.test(name) || credentials.test(name) || named.includes(name);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !drop(name)));
}

function withoutSecret(headers: IncomingHttpHeaders, secret: string): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => !String(value).includes(secret)));
}
