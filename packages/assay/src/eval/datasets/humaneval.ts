import { z } from "zod";
import { codeBefore } from "./code-before.ts";
import type { Problem } from "./problem.ts";

const source = z.string().max(1024 * 1024);

/** A row of HumanEval (openai/human-eval), and of MBPP in MBXP's form (amazon-science/mxeval). */
export const humanEvalRowSchema = z.object({
  task_id: z.string().min(1).max(200),
  prompt: source,
  canonical_solution: source,
  entry_point: z.string().regex(/^[A-Za-z_]\w*$/, "not a function's name"),
  test: source.min(1),
});

export function problemOfHumanEval(row: z.infer<typeof humanEvalRowSchema>): Problem {
  return {
    task: row.task_id,
    language: "python",
    entryPoint: row.entry_point,
    prompt: row.prompt,
    canonical: row.prompt + row.canonical_solution,
    preamble: codeBefore(row.prompt, row.entry_point, "python"),
    tests: row.test,
  };
}
