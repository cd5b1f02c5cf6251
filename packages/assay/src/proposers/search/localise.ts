import type { ProposalRequest } from "#ports";
import { suspectFiles } from "./suspect-files.ts";
import { topSuspects } from "./suspicion.ts";

export type Suspect = { file: string; line: number; score: number };

/** The places that failures come from most probably, by what tests executed, frames and messages; nothing is tried. `score`: 0 to 1. */
export async function localise(request: ProposalRequest, suspectsMax: number): Promise<Suspect[]> {
  const { suspicion } = await suspectFiles(request);
  return topSuspects(suspicion, suspectsMax);
}
