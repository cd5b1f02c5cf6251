import type { IncomingMessage } from "node:http";
import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import { httpLimits } from "./limits.ts";

export type HostPolicy = {
  /** Names without a port, as a Host header has them: `localhost`, `127.0.0.1`, `[::1]`. */
  allowedHosts: readonly string[];
  /** Beyond the server's own: `https://assay.example.org`. */
  allowedOrigins: readonly string[];
  /** A proxy in front speaks TLS, the connection to here does not. */
  tlsInFront: boolean;
};

/** Headers of which a second one would let two readers of the same request see two different ones. */
const singleHeaders = ["host", "origin", "authorization", "content-type", "content-length", "transfer-encoding"];

/**
 * Why a request is not even looked at, or `undefined`. A page of another site that a browser was tricked into sending here (DNS
 * rebinding) has its own name in Host; what a script of another site sends has that site in Origin.
 */
export function refuseRequest(request: IncomingMessage, policy: HostPolicy): Fault | undefined {
  const url = request.url ?? "";
  if (!url.startsWith("/") && url !== "*") return fault("usage", "the request's target is not a path");
  if (Buffer.byteLength(url) > httpLimits.urlBytesMax) {
    return fault("too-large", `the URL is longer than ${httpLimits.urlBytesMax} bytes`, "ask for less at a time");
  }
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const twice = singleHeaders.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) return fault("usage", `the header ${twice} was sent twice`);
  const { host, origin } = request.headers;
  if (host === undefined) return fault("usage", "the request has no Host header");
  if (!policy.allowedHosts.includes(hostName(host))) {
    return fault(
      "forbidden",
      "the request's Host is not a name of this daemon",
      "ask by the address that `assay serve` printed, or allow the name with --allow-host",
    );
  }
  if (origin !== undefined && !isAllowedOrigin(origin, host, isEncrypted(request, policy), policy)) {
    return fault("forbidden", "requests of pages of other origins are refused");
  }
  return undefined;
}

export function isEncrypted(request: IncomingMessage, { tlsInFront }: HostPolicy): boolean {
  return tlsInFront || "encrypted" in request.socket;
}

function isAllowedOrigin(origin: string, host: string, encrypted: boolean, { allowedOrigins }: HostPolicy): boolean {
  return origin === `${encrypted ? "https" : "http"}://${host.toLowerCase()}` || allowedOrigins.includes(origin);
}

function hostName(host: string): string {
  return /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase() ?? "";
}
