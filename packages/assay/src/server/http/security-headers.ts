import type { FastifyHelmetOptions } from "@fastify/helmet";

/** Of every answer; the page of the documentation has a policy of its own. */
export function securityHeaders(tlsInFront: boolean): FastifyHelmetOptions {
  return {
    global: true,
    // An answer is data: nothing in it is to be loaded, run or framed, should a browser ever show it as a page.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"], "base-uri": ["'none'"], sandbox: [] },
    },
    crossOriginEmbedderPolicy: false,
    frameguard: { action: "deny" },
    referrerPolicy: { policy: "no-referrer" },
    // Of no meaning without TLS, and on loopback names it would outlive the daemon in the browser.
    hsts: tlsInFront ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  };
}
