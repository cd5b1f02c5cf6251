import type { Digest } from "@assay/sdk";
import type { ProvenCandidate } from "#council";
import { digestOf } from "#ports";

/** A candidate that replaces one Python file, accepted on evidence of its own. `by` is `family/model`. */
export function proven(id: string, before: string, after: string, by?: string): ProvenCandidate {
  const evidence: Digest[] = [digestOf(`${id} check`), digestOf(`${id} recheck`)];
  return {
    id,
    verdict: {
      kind: "accepted",
      reasons: [{ code: "all-expected-passed", detail: "all tests passed", subjects: [] }],
      evidence,
      level: "controlled",
    },
    evidence,
    files: [{ path: "src/price.py", before, after }],
    ...(by === undefined ? {} : { author: { id: by, family: by.split("/")[0] ?? by } }),
  };
}
