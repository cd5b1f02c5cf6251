import { z } from "zod";
import type { FunctionLanguage } from "#ports";
import { codeBefore } from "./code-before.ts";
import type { Problem } from "./problem.ts";

const source = z.string().max(1024 * 1024);

/** A row of HumanEvalFix (bigcode-project/octopack, humanevalpack). */
export const humanEvalFixRowSchema = z.object({
  task_id: z.string().min(1).max(200),
  declaration: source,
  canonical_solution: source,
  buggy_solution: source,
  entry_point: z.string().regex(/^[A-Za-z_$][\w$]*$/, "not a function's name"),
  test: source.min(1),
  example_test: source,
});

export function problemOfHumanEvalFix(row: z.infer<typeof humanEvalFixRowSchema>, language: FunctionLanguage): Problem {
  return {
    task: row.task_id,
    language,
    entryPoint: row.entry_point,
    prompt: row.declaration,
    canonical: row.declaration + row.canonical_solution,
    buggy: row.declaration + row.buggy_solution,
    preamble: codeBefore(row.declaration, row.entry_point, language),
    tests: row.test,
    ...(row.example_test.trim() === "" ? {} : { exampleTests: row.example_test }),
  };
}
