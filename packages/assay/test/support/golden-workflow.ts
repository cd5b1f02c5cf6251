import { z } from "zod";
import { FaultError, raise } from "#domain";
import type { Run, Workflow } from "#engine";

/**
 * Uses everything that leaves a mark in a journal. Never edited: recorded journals are replayed with it.
 * `live` is called for each step that is executed rather than replayed.
 */
export function goldenWorkflow(live: (key: string) => void): Workflow {
  const step = (run: Run, key: string, value: unknown) =>
    run.step(key, { key, of: ["golden", 1] }, () => {
      live(key);
      return value;
    });
  return {
    name: "heal",
    version: 1,
    async run(run) {
      const parts: unknown[] = [await step(run, "text", "ünïcode 😀\u2028"), await step(run, "nothing", undefined)];
      parts.push(
        await run.all([() => step(run, "left", [1, 2.5, null]), () => step(run, "right", { deep: { er: true } })]),
      );
      parts.push(await run.task("task", (task) => task.task("inner", (inner) => step(inner, "text", "scoped"))));
      await run.emit({ type: "note", level: "info", message: "golden" });
      await run.emit({ type: "note", level: "info", message: "golden" });
      const reservation = await run.reserve("search", { candidates: 100, wallMs: 1000 });
      await reservation.settle({ candidates: 7, wallMs: 12.5 });
      // The dimensions there were when the journal was recorded.
      const { wallMs, candidates, attempts, tokens, costMicroUsd } = run.budget.spent();
      parts.push({ wallMs, candidates, attempts, tokens, costMicroUsd });
      parts.push(await run.patched("golden"));
      parts.push(typeof (await run.now("then")));
      await run.sleep("nap", 1);
      const failure = run.step("fails", null, () => {
        live("fails");
        raise("tool-missing", "no such tool", "install it");
      });
      parts.push(await failure.catch((error) => (error instanceof FaultError ? error.fault : String(error))));
      parts.push(((await step(run, "big", "b".repeat(8_400_000))) as string).length);
      parts.push(await run.signal("approve", z.object({ by: z.string() })));
      parts.push(await step(run, "last", "after the signal"));
      return { type: "result", outcome: "accepted", exitCode: 0, summary: JSON.stringify(parts) };
    },
  };
}
