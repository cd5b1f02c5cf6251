import fc from "fast-check";
import { expect, test } from "vitest";
import { afterFailure, afterSuccess, type Breaker, closedBreaker, enterBreaker } from "./breaker.ts";

const policy = { failuresMax: 3, coolDownMs: 1000 };

function failing(times: number, now = 0): Breaker {
  let breaker = closedBreaker;
  for (let n = 0; n < times; n++) breaker = afterFailure(breaker, now, policy);
  return breaker;
}

test("opens at the third failure in a row, and not before", () => {
  expect(failing(2).state).toBe("closed");
  expect(failing(3)).toEqual({ state: "open", at: 0 });
});

test("forgets failures after a success", () => {
  expect(afterFailure(afterSuccess(), 0, policy)).toEqual({ state: "closed", failures: 1 });
});

test("refuses until the cool-down is over, then lets one probe through, and a failed probe opens it again", () => {
  expect(enterBreaker(failing(3), 999, policy)).toEqual({ kind: "refused", retryAt: 1000 });
  const probe = enterBreaker(failing(3), 1000, policy);
  expect(probe).toEqual({ kind: "allowed", breaker: { state: "half-open" } });
  expect(enterBreaker({ state: "half-open" }, 1000, policy).kind).toBe("refused");
  expect(afterFailure({ state: "half-open" }, 1500, policy)).toEqual({ state: "open", at: 1500 });
  expect(afterSuccess()).toEqual(closedBreaker);
});

test("is open only after enough failures without a success between them, for any history", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), (outcomes) => {
      let breaker = closedBreaker;
      let inRow = 0;
      for (const [now, passed] of outcomes.entries()) {
        if (breaker.state !== "closed") return;
        inRow = passed ? 0 : inRow + 1;
        breaker = passed ? afterSuccess() : afterFailure(breaker, now, policy);
        expect(breaker.state === "open").toBe(inRow >= policy.failuresMax);
      }
    }),
  );
});
