import type { Ambiguity } from "@assay/sdk";
import type { Run } from "#engine";
import type { Proposal } from "#ports";
import { type Case, checkCandidate, type Judged } from "./check.ts";
import type { RepairTools } from "./goal.ts";

/** Rivals that are checked: each costs as much as the first. */
const rivalsMax = 3;

/** Whether one of those that make something else of the proposal's input would be accepted as well. */
export async function checkRivals(
  run: Run,
  tools: RepairTools,
  subject: Case,
  { candidates, ambiguity }: Proposal,
  proven: Judged,
  tried: number,
): Promise<{ judged: Judged[]; ambiguity?: Ambiguity }> {
  const own = ambiguity?.results.find(({ candidate }) => candidate === proven.candidate.id);
  const judged: Judged[] = [];
  if (ambiguity === undefined || own === undefined) return { judged };
  const others = ambiguity.results.filter(({ result }) => result !== own.result);
  const results = [own];
  for (const other of others.slice(0, rivalsMax)) {
    const candidate = candidates.find(({ id }) => id === other.candidate);
    if (candidate === undefined || results.some(({ result }) => result === other.result)) continue;
    if (run.budget.remaining().attemptsMax < 1) {
      const message = `not checked, for no attempts are left: ${other.summary}, of which ${ambiguity.call} is ${other.result}`;
      await run.emit({ type: "note", level: "warning", message });
      break;
    }
    const attempt = await run.reserve(`${candidate.id}.attempt`, { attempts: 1 });
    const outcome = await checkCandidate(run, tools, subject, candidate, tried);
    await attempt.settle({ attempts: 1 });
    if (outcome === undefined) continue;
    judged.push(outcome);
    if (outcome.verdict.kind === "accepted") results.push(other);
  }
  return results.length < 2 ? { judged } : { judged, ambiguity: { call: ambiguity.call, results } };
}
