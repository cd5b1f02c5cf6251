import type { FunctionObservation, FunctionOracle } from "#ports";
import { problemOf } from "./naive-commands.ts";
import type { Sample } from "./samples.ts";

const mebibyte = 1024 * 1024;
export const functionCheckLimits = {
  wallMsMax: 10_000,
  cpuMsMax: 5_000,
  memoryBytesMax: 512 * mebibyte,
  processesMax: 64,
  frameBytesMax: 16 * mebibyte,
};

/** Judges a function by the tests that the naive harness ran, or by the hidden ones where it was shown those. */
export async function judgeFunction(oracle: FunctionOracle, sample: Sample): Promise<FunctionObservation> {
  const { entryPoint, preamble, visible, hidden } = problemOf(sample);
  return await oracle.check({
    language: sample.language,
    candidate: sample.files[sample.module] ?? "",
    entryPoint,
    preamble,
    tests: sample.judged === "hidden" ? hidden : visible,
    limits: functionCheckLimits,
  });
}
