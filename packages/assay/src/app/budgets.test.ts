import { expect, test } from "vitest";
import { startBudget } from "./budgets.ts";

test("flags come before the project's configuration, that before the user's", () => {
  const config = { budget: { seconds: 30 } };
  const user = { budget: { seconds: 40, attempts: 4 } };
  expect(startBudget({ secondsMax: 20 }, config, user, "heal")).toMatchObject({ wallMsMax: 20_000, attemptsMax: 4 });
  expect(startBudget({}, config, user, "heal")).toMatchObject({ wallMsMax: 30_000, attemptsMax: 4 });
});

test("a project can lower what models may cost, and cannot raise it", () => {
  const cost = (project: number, user?: number) =>
    startBudget({}, { budget: { usd: project } }, user === undefined ? {} : { budget: { usd: user } }, "heal")
      .costMicroUsdMax;
  expect(cost(0.2)).toBe(200_000);
  expect(cost(5000)).toBe(1_000_000);
  expect(cost(5000, 2)).toBe(2_000_000);
  expect(startBudget({ usdMax: 3 }, { budget: { usd: 0.1 } }, {}, "heal").costMicroUsdMax).toBe(3_000_000);
});
