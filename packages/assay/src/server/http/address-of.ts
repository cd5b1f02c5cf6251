import { normalizeIP } from "@fastify/rate-limit";

const loopback = /^(::ffff:)?127\.|^::1$/;

/** Whether it is this machine's own: it has all of 127.0.0.0/8. */
export function isLoopback(address: string): boolean {
  return loopback.test(address);
}

/**
 * Whom a connection counts as: this machine is one, and so is an IPv6 network of 64 bits, since who has one of its addresses has them all.
 * A connection that is gone by now has no address any more.
 */
export function addressOf(address: string | undefined): string {
  if (address === undefined || address === "") return "gone";
  return isLoopback(address) ? "loopback" : normalizeIP(address);
}
