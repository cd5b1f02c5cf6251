import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import type { FunctionCheck } from "#ports";

const rowSchema = z.object({
  task_id: z.string(),
  declaration: z.string(),
  canonical_solution: z.string(),
  buggy_solution: z.string(),
  test: z.string(),
  entry_point: z.string(),
});

/** Rows of HumanEvalFix for JavaScript as checks of the right and of the buggy solution; helpers stand before the function's declaration. */
export async function humanEvalFixChecks(
  path: string,
): Promise<{ task: string; right: FunctionCheck; buggy: FunctionCheck }[]> {
  const lines = gunzipSync(await readFile(path))
    .toString("utf8")
    .trim()
    .split("\n");
  return lines.map((line) => {
    const row = rowSchema.parse(JSON.parse(line));
    const helpersEnd = row.declaration.lastIndexOf(`const ${row.entry_point}`);
    const right: FunctionCheck = {
      language: "javascript",
      candidate: row.declaration + row.canonical_solution,
      entryPoint: row.entry_point,
      preamble: helpersEnd < 0 ? "" : row.declaration.slice(0, helpersEnd),
      tests: row.test,
      limits: {
        wallMsMax: 20_000,
        cpuMsMax: 8_000,
        memoryBytesMax: 512 * 1024 * 1024,
        processesMax: 16,
        frameBytesMax: 4 * 1024 * 1024,
      },
    };
    return { task: row.task_id, right, buggy: { ...right, candidate: row.declaration + row.buggy_solution } };
  });
}
