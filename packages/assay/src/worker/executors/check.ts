import { checkInputSchema } from "@assay/sdk";
import { executeCheck } from "#app";
import type { Executor } from "../executor.ts";
import { fetchFiles } from "./fetch-files.ts";

/** Runs a suite once, in this machine's sandbox, with the files that were sent and no others. */
export function checkExecutor({ environment }: { environment?: string } = {}): Executor {
  return async (document, context) => {
    const { files, suite } = checkInputSchema.parse(document);
    const { begin, signal } = context;
    return await executeCheck(await fetchFiles(files, context), suite, { environment, begin, signal });
  };
}
