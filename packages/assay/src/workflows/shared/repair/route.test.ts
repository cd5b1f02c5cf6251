import { expect, test } from "vitest";
import { nothingSpent } from "#domain";
import { InOrderRouter } from "#proposers";
import { goal, memoryEngine, workflow } from "../../../../test/support/engine-parts.ts";
import type { Question } from "./ask.ts";
import { route } from "./route.ts";

const seat = (name: "search" | "model" | "human", open = true) => ({
  seat: { name, open, batches: 0, checked: 0, faults: 0, spent: nothingSpent },
});
const seats = [seat("search"), seat("model"), seat("human", false)];
const question = {
  subject: { goal, project: { profile: { language: "python" } } },
  failures: [],
} as unknown as Question;
const flow = workflow((run) => route(run, new InOrderRouter(), question, seats, 1));

test("a fork of the run may say whose turn it is, of those who have more to propose", async () => {
  const engine = memoryEngine({ workflows: [flow] });
  const { run, result } = await engine.start(flow, goal);
  expect(result.summary).toBe("0");
  const asked = async (seat: number) =>
    (await engine.resume(await engine.fork(run, { step: "route.1", input: { turn: 1, seat } }))).result;
  expect((await asked(1)).summary).toBe("1");
  for (const nobody of [2, 7]) expect((await asked(nobody)).fault?.message).toMatch(/seat: there is nobody/);
});
