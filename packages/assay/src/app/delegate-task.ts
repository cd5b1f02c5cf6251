import { checkInputSchema, workDocumentSchemas } from "@assay/sdk";
import type { z } from "zod";
import { raise } from "#domain";
import type { Delegate } from "#workflows";
import { type CheckTaskParts, checkTask } from "./check-task.ts";

/**
 * Hands a plan's tasks to workers; a check is done here where no tester's report counts. Its input is what its kind of work wants, or the
 * plan is wrong: `config-invalid`. What a worker could not do in all its tries is not tried again.
 */
export function delegateTask(parts: CheckTaskParts): Delegate {
  return async (run, key, { work }) => {
    const { role, capabilities } = work;
    if (work.task === "check") {
      return await checkTask(run, key, inputOf(key, work.task, checkInputSchema, work.input), capabilities, parts);
    }
    const { input: inputSchema, output: outputSchema } = workDocumentSchemas[work.task];
    const input = inputOf(key, work.task, inputSchema as z.ZodType, work.input);
    // A worker that never comes must not hold the run for ever.
    const waitMsMax = Math.max(1, Math.floor(run.budget.remaining().wallMsMax));
    const asked = { kind: work.task, role, capabilities, input, waitMsMax };
    const end = await run.delegate(key, asked, outputSchema as z.ZodType);
    return end.kind === "failed"
      ? { outcome: "failed", detail: end.detail }
      : { outcome: "done", output: end.output, detail: `done by ${end.worker}` };
  };
}

function inputOf<T>(key: string, kind: string, schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return raise(
    "config-invalid",
    `the input of task ${key} is no input for ${kind}: ${issue?.path.join(".")}: ${issue?.message}`,
    "see docs/guides/workers.md for what each kind of work is given",
  );
}
