import { workDocumentSchemas } from "@assay/sdk";
import type { z } from "zod";
import { raise } from "#domain";
import type { Run } from "#engine";
import type { Delegate } from "#workflows";

/**
 * Hands a plan's task to workers. Its input is what its kind of work wants, or the plan is wrong: `config-invalid`. What a worker could
 * not do in all its tries is not tried again.
 */
export const delegateTask: Delegate = async (run: Run, key, { work }) => {
  const { input: inputSchema, output: outputSchema } = workDocumentSchemas[work.task];
  const parsed = (inputSchema as z.ZodType).safeParse(work.input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    raise(
      "config-invalid",
      `the input of task ${key} is no input for ${work.task}: ${issue?.path.join(".")}: ${issue?.message}`,
      "see docs/guides/workers.md for what each kind of work is given",
    );
  }
  const { role, capabilities } = work;
  // A worker that never comes must not hold the run for ever.
  const waitMsMax = Math.max(1, Math.floor(run.budget.remaining().wallMsMax));
  const asked = { kind: work.task, role, capabilities, input: parsed.data, waitMsMax };
  const end = await run.delegate(key, asked, outputSchema as z.ZodType);
  return end.kind === "failed"
    ? { outcome: "failed", detail: end.detail }
    : { outcome: "done", output: end.output, detail: `done by ${end.worker}` };
};
