import { normalizeIP } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { fault } from "#domain";
import { HttpFault } from "./http-fault.ts";

export type RateLimits = {
  /** Requests in a minute of one address, before it is asked who it is. */
  addressPerMinuteMax: number;
  /** Requests in a minute of one key. */
  keyPerMinuteMax: number;
  /** Failed authentications in a minute of one address. */
  failedPerMinuteMax: number;
  /** Whether an address that has failed too often is refused with a good key too. */
  locksOut: (address: string) => boolean;
};

const loopback = /^(127\.|::1$)/;

export const defaultRateLimits: RateLimits = {
  addressPerMinuteMax: 12_000,
  keyPerMinuteMax: 6_000,
  failedPerMinuteMax: 30,
  // On loopback whoever guesses would shut out the person whose machine it is.
  locksOut: (address) => !loopback.test(address),
};

type Count = (request: FastifyRequest) => Promise<void>;

/** Each throws `rate-limited`, saying when it is worth asking again. */
export type RateLimiters = {
  address: Count;
  key: Count;
  failed: Count;
  /** Counts nothing: for whoever has failed too often already. */
  refuseGuessers: Count;
};

const minuteMs = 60_000;

/**
 * `@fastify/rate-limit` must be registered. It counts 5,000 addresses and keys at a time and forgets the one not seen for longest; an
 * IPv6 network of 64 bits is one address, since whoever has one of them has them all.
 */
export function rateLimiters(app: FastifyInstance, limits: RateLimits): RateLimiters {
  // A connection that is gone by now has no address any more.
  const address = ({ ip }: FastifyRequest) => normalizeIP(ip || "gone");
  const counter = (max: number, keyGenerator: (request: FastifyRequest) => string) =>
    app.createRateLimit({ max, timeWindow: minuteMs, keyGenerator });
  const byAddress = counter(limits.addressPerMinuteMax, address);
  const failed = counter(limits.failedPerMinuteMax, address);
  const byKey = counter(limits.keyPerMinuteMax, ({ identity, ip }) =>
    identity === undefined ? ip : `${identity.caller.tenant} ${identity.caller.keyId}`,
  );
  return {
    address: async (request) => refuse(await byAddress(request)),
    key: async (request) => refuse(await byKey(request)),
    failed: async (request) => refuse(await failed(request)),
    refuseGuessers: async (request) => {
      if (!limits.locksOut(address(request))) return;
      const counted = await failed(request, { increment: false });
      refuse(counted.isAllowed ? counted : { ...counted, isExceeded: counted.remaining === 0 });
    },
  };
}

type Counted = Awaited<ReturnType<ReturnType<FastifyInstance["createRateLimit"]>>>;

function refuse(counted: Counted): void {
  if (counted.isAllowed || !counted.isExceeded) return;
  const seconds = Math.max(1, counted.ttlInSeconds);
  throw new HttpFault(fault("rate-limited", "too many requests in a minute", `try again in ${seconds} s`), {
    headers: { "retry-after": String(seconds) },
  });
}
