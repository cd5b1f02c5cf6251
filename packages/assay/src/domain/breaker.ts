/** Open since `at`: refused until the cool-down is over. Half-open: one probe is under way. */
export type Breaker = { state: "closed"; failures: number } | { state: "open"; at: number } | { state: "half-open" };

export type BreakerPolicy = { failuresMax: number; coolDownMs: number };

export const defaultBreaker: BreakerPolicy = { failuresMax: 6, coolDownMs: 30_000 };

export const closedBreaker: Breaker = { state: "closed", failures: 0 };

export type BreakerEntry = { kind: "allowed"; breaker: Breaker } | { kind: "refused"; retryAt: number };

/** May work of this kind begin now? */
export function enterBreaker(breaker: Breaker, now: number, policy: BreakerPolicy): BreakerEntry {
  switch (breaker.state) {
    case "closed":
      return { kind: "allowed", breaker };
    case "half-open":
      return { kind: "refused", retryAt: now + policy.coolDownMs };
    case "open": {
      const retryAt = breaker.at + policy.coolDownMs;
      return now >= retryAt ? { kind: "allowed", breaker: { state: "half-open" } } : { kind: "refused", retryAt };
    }
  }
}

export function afterSuccess(): Breaker {
  return closedBreaker;
}

/** Failures in a row open it; one failed probe opens it again. */
export function afterFailure(breaker: Breaker, now: number, policy: BreakerPolicy): Breaker {
  switch (breaker.state) {
    case "closed": {
      const failures = breaker.failures + 1;
      return failures >= policy.failuresMax ? { state: "open", at: now } : { state: "closed", failures };
    }
    case "half-open":
      return { state: "open", at: now };
    case "open":
      return breaker;
  }
}
