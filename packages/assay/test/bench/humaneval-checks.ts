import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import type { FunctionCheck } from "#ports";

const rowSchema = z.object({
  task_id: z.string(),
  prompt: z.string(),
  canonical_solution: z.string(),
  test: z.string(),
  entry_point: z.string(),
});

/** HumanEval's own solutions as checks: what comes before the function in the prompt is what its tests may use, too. */
export async function humanEvalChecks(path: string): Promise<{ task: string; check: FunctionCheck }[]> {
  const lines = gunzipSync(await readFile(path))
    .toString("utf8")
    .trim()
    .split("\n");
  return lines.map((line) => {
    const row = rowSchema.parse(JSON.parse(line));
    const check: FunctionCheck = {
      language: "python",
      candidate: row.prompt + row.canonical_solution,
      entryPoint: row.entry_point,
      preamble: row.prompt.slice(0, row.prompt.lastIndexOf(`def ${row.entry_point}`)),
      tests: row.test,
      limits: {
        wallMsMax: 10_000,
        cpuMsMax: 4_000,
        memoryBytesMax: 512 * 1024 * 1024,
        processesMax: 16,
        frameBytesMax: 16 * 1024 * 1024,
      },
    };
    return { task: row.task_id, check };
  });
}
