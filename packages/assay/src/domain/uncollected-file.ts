import type { Failure } from "@assay/sdk";

/** Which test file a collection error is about; the one name that expectation, judge and verification use for it. */
export function uncollectedFile({ testFile, file }: Failure): string {
  return testFile ?? file ?? "(unknown file)";
}
