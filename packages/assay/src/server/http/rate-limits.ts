import type { FastifyRequest } from "fastify";
import type { Caller } from "../caller.ts";
import { addressOf, isLoopback } from "./address-of.ts";
import { MinuteCounts } from "./minute-counts.ts";

export type RateLimits = {
  /** Requests in a minute of one address; beyond them only a good key is heard. */
  addressPerMinuteMax: number;
  /** Requests in a minute of one key. */
  keyPerMinuteMax: number;
  /** Failed authentications in a minute of one address. */
  failedPerMinuteMax: number;
  /** Whether an address that has failed too often is refused with a good key too. */
  locksOut: (address: string) => boolean;
};

export const defaultRateLimits: RateLimits = {
  addressPerMinuteMax: 12_000,
  keyPerMinuteMax: 6_000,
  failedPerMinuteMax: 30,
  // On loopback whoever guesses would shut out the person whose machine it is.
  locksOut: (address) => !isLoopback(address),
};

/** Each throws `rate-limited`, saying when it is worth asking again. */
export type RateLimiters = {
  address: (request: FastifyRequest) => void;
  key: (caller: Caller) => void;
};

export function rateLimiters(limits: Pick<RateLimits, "addressPerMinuteMax" | "keyPerMinuteMax">): RateLimiters {
  const addresses = new MinuteCounts(limits.addressPerMinuteMax);
  const keys = new MinuteCounts(limits.keyPerMinuteMax);
  return {
    address: ({ ip }) => addresses.add(addressOf(ip)),
    key: ({ tenant, keyId }) => keys.add(`${tenant} ${keyId}`),
  };
}
