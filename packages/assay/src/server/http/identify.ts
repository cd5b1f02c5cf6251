import type { RouteName } from "@assay/sdk";
import type { FastifyRequest } from "fastify";
import { FaultError, fault } from "#domain";
import type { Authentication, Identity } from "../auth/identity.ts";
import type { Visitors } from "../rpc/visitors.ts";
import type { BegunRecord } from "./audit-mutations.ts";
import type { RateLimiters } from "./rate-limits.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Whose request it is; `undefined` until that is known. */
    identity: Identity | undefined;
    /** Whose it would be, were the key not void: for the audit. */
    refusedOwner: Identity["caller"] | undefined;
    /** Its record, where that was begun before the change. */
    audited: BegunRecord | undefined;
    /** The ID of what it made, for its record. */
    made: string | undefined;
  }
  interface FastifyContextConfig {
    /** The operation; absent for what is not in the table. */
    operation?: RouteName;
  }
}

export type Identify = (request: FastifyRequest, ask: () => Promise<Authentication>) => Promise<Identity>;

export type IdentificationParts = Visitors & { limiters: RateLimiters };

/** Notes on the request whose it is, or throws `unauthorized` or `rate-limited`. What was presented and is no key counts as a guess. */
export function identification({ limiters, guesses, strangers }: IdentificationParts): Identify {
  return async (request, ask) => {
    guesses.refuseGuesser(request.ip);
    const authentication = await ask();
    switch (authentication.kind) {
      case "known":
        request.identity = authentication.identity;
        limiters.key(authentication.identity.caller);
        strangers.letIn(request.raw.socket);
        return authentication.identity;
      case "refused":
        request.refusedOwner = authentication.owner;
        guesses.add(request.ip);
        throw new FaultError(authentication.fault);
      case "none":
        throw new FaultError(fault("unauthorized", "no key was sent", "send a key: Authorization: Bearer assay_…"));
    }
  };
}
