import { type Route, routes } from "@assay/sdk";
import type { FastifyReply, FastifyRequest } from "fastify";
import { FaultError, raise } from "#domain";
import { defaultTenant } from "#ports";
import type { Authenticator } from "../auth/authenticator.ts";
import { refuseCookieUse } from "./cookie-use.ts";
import { type HostPolicy, isEncrypted, refuseRequest } from "./host-policy.ts";
import type { Identify } from "./identify.ts";
import type { RateLimiters } from "./rate-limits.ts";
import { sessionCookieName } from "./session-cookie.ts";

export type Admission = {
  authenticator: Authenticator;
  policy: HostPolicy;
  limiters: RateLimiters;
  identify: Identify;
};

/** Lets a request in, before its body is read, or throws the fault that keeps it out. */
export function admission({ authenticator, policy, limiters, identify }: Admission) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    const refused = refuseRequest(request.raw, policy);
    if (refused !== undefined) throw new FaultError(refused);
    const overLimit = thrownBy(() => limiters.address(request));
    const { operation } = request.routeOptions.config;
    const { scope, ofDaemon }: Partial<Route> = operation === undefined ? {} : routes[operation];
    if (scope === undefined) {
      if (overLimit !== undefined) throw overLimit;
      return;
    }
    const { authorization } = request.headers;
    const cookie = request.cookies[sessionCookieName(isEncrypted(request.raw, policy))];
    // Whoever has a key is heard, however much comes from the same address: an emergency stop has to get through.
    const asked = identify(request, () => authenticator.authenticate({ authorization, cookie }));
    const { via, caller } = await asked.catch((error: unknown) => {
      throw overLimit ?? error;
    });
    if (via === "cookie") refuseCookieUse(request);
    if (!caller.scopes.has(scope)) {
      raise("forbidden", `the key may not: this needs the scope ${scope}`, "use a key that has it");
    }
    if (ofDaemon && caller.tenant !== defaultTenant) {
      raise(
        "forbidden",
        "this is about the whole daemon, and the key is one tenant's",
        "use a key of the default tenant",
      );
    }
  };
}

function thrownBy(act: () => void): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}
