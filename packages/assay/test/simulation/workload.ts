import type { Goal } from "@assay/sdk";
import { z } from "zod";
import type { Budget } from "#domain";
import type { Run, Workflow } from "#engine";
import type { Ledger } from "./ledger.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

export const goal: Goal = { kind: "heal", root: "/project", tests: [], apply: false };
const partTokens = [40, 60, 90];
/** What a part may take at most. */
const tokensMax = 100;
/** Too little for a run whose parts are interrupted often: it pauses, and is given more. */
export const budgetOf = (times: number): Budget => ({
  wallMsMax: 1e9,
  candidatesMax: 1e6,
  attemptsMax: 1e6,
  requestsMax: 100 * times,
  tokensMax: 400 * times,
});

/** What a worker brings. */
export const handedOver = 7;

/** Parts that are runs of their own, and what each takes. */
const childTokens = { left: 30, right: 50 };
export const childSummary = "asked";

/** What every run comes to, whatever happens to it. */
export const expectedSummary = "40 60 90 by somebody, published, handed 7, left asked, right asked";

/**
 * What a run may do, in one workflow: steps, branches, tasks, reservations, emitted events, sleep, a person's signal, effects outside.
 * `executes` is told of each step that is really executed.
 */
export function workload(
  process: SimulatedProcess,
  ledger: Ledger,
  executes: (run: Run, key: string) => void,
): Workflow {
  const work = async (run: Run, key: string, ms: number) => {
    executes(run, key);
    await process.sleep(ms);
  };
  const part = (tokens: number): Workflow => ({
    name: "part",
    version: 1,
    async run(run) {
      const reservation = await run.reserve("ask", { requests: 1, tokens });
      await run.step("ask", { tokens }, async () => {
        await work(run, "ask", 90);
        return ledger.perform(process, `${run.id}:ask:1`);
      });
      await reservation.settle({ requests: 1, tokens });
      await run.emit({ type: "note", level: "info", message: "asked" });
      return { type: "result", outcome: "accepted", exitCode: 0, summary: childSummary };
    },
  });
  return {
    name: "heal",
    version: 1,
    async run(run) {
      const plan = await run.step("plan", { goal }, async () => {
        await work(run, "plan", 120);
        return partTokens;
      });
      await run.emit({ type: "note", level: "info", message: "planned" });
      const parts = await run.all(
        plan.map(
          (tokens, index) => () =>
            run.task(`part-${index}`, async (task) => {
              const reservation = await task.reserve("ask", { requests: 1, tokens: tokensMax });
              const answer = await task.step("ask", { tokens }, async () => {
                await work(run, `part-${index}/ask`, 80 + 40 * index);
                await ledger.perform(process, `${run.id}:part-${index}/ask:1`);
                return tokens;
              });
              await reservation.settle({ requests: 1, tokens });
              await task.emit({ type: "note", level: "info", message: `part ${index}` });
              return answer;
            }),
        ),
        { concurrency: 2 },
      );
      const handed = await run.delegate(
        "handed",
        { kind: "propose", role: "coder", input: { parts }, leaseMs: 400, triesMax: 1000 },
        z.number(),
      );
      if (handed.kind !== "done") throw new Error(handed.detail);
      const children = await run.all(
        Object.entries(childTokens).map(([key, tokens]) => async () => {
          const result = await run.child(key, part(tokens), goal, { tokensMax, requestsMax: 10 });
          if (result.outcome !== "accepted") throw new Error(`${key} is ${result.outcome}`);
          return `${key} ${result.summary}`;
        }),
        { concurrency: 2 },
      );
      await run.sleep("rest", 150);
      const { by } = await run.signal("approve", z.object({ by: z.string() }));
      await run.step("publish", { parts }, async () => {
        await work(run, "publish", 60);
        return ledger.perform(process, `${run.id}:publish:1`);
      });
      await run.emit({ type: "note", level: "info", message: "published" });
      return {
        type: "result",
        outcome: "accepted",
        exitCode: 0,
        summary: `${parts.join(" ")} by ${by}, published, handed ${handed.value}, ${children.join(", ")}`,
      };
    },
  };
}
