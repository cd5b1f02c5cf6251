import { createTwoFilesPatch } from "diff";
import type { MutantResult } from "../mutation.ts";

/** A mutant as a unified diff of its file, `context` lines around it. */
export function mutantDiff(source: string, { file, start, end, replacement }: MutantResult, context: number): string {
  const mutated = source.slice(0, start) + replacement + source.slice(end);
  return createTwoFilesPatch(`a/${file}`, `b/${file}`, source, mutated, undefined, undefined, {
    context,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
}
