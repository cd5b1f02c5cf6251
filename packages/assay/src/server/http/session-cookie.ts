import type { CookieSerializeOptions } from "@fastify/cookie";

/** With the prefix, a browser takes it over TLS alone, and from this very host; without TLS it would not take it at all. */
export function sessionCookieName(encrypted: boolean): string {
  return encrypted ? "__Host-assay-session" : "assay_session";
}

export function sessionCookieOptions(encrypted: boolean): CookieSerializeOptions {
  return { httpOnly: true, sameSite: "strict", path: "/", secure: encrypted };
}
