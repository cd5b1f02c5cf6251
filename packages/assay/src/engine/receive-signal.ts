import { z } from "zod";
import { raise } from "#domain";
import { executeStep } from "./execute-step.ts";
import type { Execution } from "./execution.ts";
import type { Answer } from "./run.ts";

/** The value that was sent under a key; pauses the run with `waiting-for-signal` until there is one. */
export function receiveSignal<T>(execution: Execution, key: string, schema: z.ZodType<T>): T {
  execution.check();
  const received = execution.history.signals.get(key);
  if (received === undefined) wait(execution, key, "");
  return schema.parse(received.value);
}

/**
 * The same, until a time after this was reached first. What was sent in time is an answer, whenever it is looked at; that it was not
 * is recorded when it is noticed, and stays so.
 */
export async function receiveInTime<T>(
  execution: Execution,
  key: string,
  schema: z.ZodType<T>,
  deadlineMs: number,
): Promise<Answer<T>> {
  const { clock, history } = execution;
  const until = await executeStep(execution, {
    key: `${key}.deadline`,
    input: { deadlineMs },
    fn: () => clock.now() + deadlineMs,
    schema: z.number(),
  });
  const expired = `${key}.expired`;
  const received = history.signals.get(key);
  if (!history.steps.has(expired)) {
    if (received !== undefined && received.at <= until)
      return { kind: "answered", value: schema.parse(received.value) };
    if (received === undefined && clock.now() < until) wait(execution, key, ` until ${new Date(until).toISOString()}`);
  }
  await executeStep(execution, { key: expired, input: null, fn: () => true, schema: z.boolean() });
  return { kind: "expired" };
}

function wait({ run, root }: Execution, key: string, until: string): never {
  raise(
    "waiting-for-signal",
    `run ${run} waits for ${key}${until}`,
    `send it, then continue with: assay resume ${root}`,
  );
}
