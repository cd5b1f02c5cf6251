import type { FastifyRequest } from "fastify";
import { raise } from "#domain";

/**
 * Throws `forbidden` where a browser may have sent the cookie for a page that is not ours: it sends it with whatever any page asks.
 * An Origin that is there was found to be allowed already; without one nothing is changed, and only our own pages read.
 */
export function refuseCookieUse({ method, headers }: Pick<FastifyRequest, "method" | "headers">): void {
  if (headers.origin !== undefined) return;
  if (method !== "GET" && method !== "HEAD") {
    raise("forbidden", "a change asked for by cookie needs the Origin of a page of this daemon");
  }
  // Another port of the same host is the same site to SameSite, but not the same origin.
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    raise("forbidden", "requests of pages of other sites are refused");
  }
}
