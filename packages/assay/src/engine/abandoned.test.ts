import type { RunEvent, RunEventBody } from "@assay/sdk";
import { expect, test } from "vitest";
import { abandonedSpending } from "./abandoned.ts";

const journal = (...bodies: RunEventBody[]) =>
  bodies.map((body, index) => ({ ...body, seq: index + 1, at: 0 })) as RunEvent[];
const claim: RunEventBody = { type: "lease-claimed", owner: "a" };
const reserve = (scope: string, costMicroUsd: number): RunEventBody => ({
  type: "budget-reserved",
  scope,
  reserved: { costMicroUsd, requests: 4 },
});
const settle = (scope: string): RunEventBody => ({ type: "budget-settled", scope, reserved: {}, spent: {} });

test("what was settled, or is asked right now, is not abandoned", () => {
  expect(abandonedSpending(journal(claim, reserve("a", 5), settle("a"), reserve("b", 7)))).toMatchObject({
    costMicroUsd: 0,
    requests: 0,
  });
});

test("what was asked when a process ended counts as the most that it can have cost, each time", () => {
  const twice = journal(claim, reserve("a", 5), claim, reserve("a", 5), claim, reserve("a", 5), settle("a"));
  expect(abandonedSpending(twice)).toMatchObject({ costMicroUsd: 10, requests: 8 });
});
