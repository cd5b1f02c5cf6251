import { z } from "zod";
import { raise } from "#domain";
import type { Problem } from "../datasets/problem.ts";
import { readLines } from "../datasets/read-lines.ts";

const sampleSchema = z.object({
  task_id: z.string().min(1).max(200),
  completion: z.string().max(1024 * 1024, "a completion has at most 1048576 characters"),
});

const samplesOfTaskMax = 10_000;

/** Completions by task, in the file's order. Throws a `FaultError` of code `usage` that names the line. */
export function readSamples(
  bytes: Uint8Array,
  source: string,
  problems: readonly Problem[],
): ReadonlyMap<string, readonly string[]> {
  const known = new Set(problems.map(({ task }) => task));
  const samples = new Map<string, string[]>();
  for (const { line, value } of readLines(bytes, sampleSchema, source)) {
    if (!known.has(value.task_id)) {
      raise(
        "usage",
        `${source} line ${line}: the dataset has no task ${value.task_id}`,
        "give samples of this dataset",
      );
    }
    const earlier = samples.get(value.task_id) ?? [];
    if (earlier.length >= samplesOfTaskMax) {
      raise("usage", `${source} line ${line}: over ${samplesOfTaskMax} samples of ${value.task_id}`, "give fewer");
    }
    earlier.push(value.completion);
    samples.set(value.task_id, earlier);
  }
  if (samples.size === 0) raise("usage", `${source} has no samples`, 'give lines {"task_id": …, "completion": …}');
  return samples;
}
