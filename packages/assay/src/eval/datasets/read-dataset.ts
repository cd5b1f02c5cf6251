import type { DatasetName } from "@assay/sdk";
import type { z } from "zod";
import { assertNever, raise } from "#domain";
import { refuseOthers } from "./belongs-to.ts";
import { humanEvalRowSchema, problemOfHumanEval } from "./humaneval.ts";
import { humanEvalFixRowSchema, problemOfHumanEvalFix } from "./humanevalfix.ts";
import type { Problem } from "./problem.ts";
import { readLines } from "./read-lines.ts";

/** The problems of a data file's bytes, in its order. Throws a `FaultError` of code `usage` for anything but rows of this dataset. */
export function readDataset(dataset: DatasetName, bytes: Uint8Array, source: string): Problem[] {
  const read = problemsOf(dataset, bytes, source);
  if (read.length === 0) raise("usage", `${source} has no problems`, "give the dataset's file");
  const seen = new Map<string, number>();
  for (const { line, value } of read) {
    const earlier = seen.get(value.task);
    if (earlier !== undefined) {
      raise("usage", `${source} line ${line}: task ${value.task} stands on line ${earlier} already`, "give each once");
    }
    seen.set(value.task, line);
  }
  return read.map(({ value }) => value);
}

function problemsOf(dataset: DatasetName, bytes: Uint8Array, source: string): { line: number; value: Problem }[] {
  const check = (row: unknown, place: string) => refuseOthers(dataset, row, place);
  return readLines(bytes, rowSchemaOf(dataset), source, check);
}

function rowSchemaOf(dataset: DatasetName): z.ZodType<Problem> {
  switch (dataset) {
    case "humaneval":
    case "mbpp":
      return humanEvalRowSchema.transform(problemOfHumanEval);
    case "humanevalfix-python":
      return humanEvalFixRowSchema.transform((row) => problemOfHumanEvalFix(row, "python"));
    case "humanevalfix-js":
      return humanEvalFixRowSchema.transform((row) => problemOfHumanEvalFix(row, "javascript"));
    default:
      return assertNever(dataset);
  }
}
