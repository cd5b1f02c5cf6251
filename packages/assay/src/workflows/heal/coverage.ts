import { z } from "zod";
import { attemptName, suiteLimits } from "#domain";
import type { Run } from "#engine";
import type { Coverage } from "#ports";
import { canonicalJson } from "#ports";
import { refuseUnobserved } from "../shared/observe.ts";
import type { Case } from "./check.ts";
import type { HealTools } from "./tools.ts";

const coverageSchema = z.record(z.string(), z.record(z.string(), z.array(z.int())));

/** Tracing every line makes a suite slower by about this much at most. */
const tracingFactor = 10;

/**
 * Which lines each test executes; `undefined` where the runner cannot tell. Not evidence: it only says where to look first,
 * so a suite that does not end under it is searched without.
 */
export async function measureCoverage(run: Run, tools: HealTools, subject: Case): Promise<Coverage | undefined> {
  const { snapshot, profile } = subject.project;
  tools.progress({ kind: "phase", phase: "propose", detail: "which lines does each test execute" });
  const digest = await run.step("coverage", { base: snapshot.digest }, async () => {
    await using workspace = await tools.workspaces.open(snapshot, attemptName(run.id, "base", "coverage"));
    const wallMsMax = Math.min(suiteLimits.wallMsMax, subject.baseline.wallMsMax * tracingFactor);
    const { coverage, termination } = await tools.runners[profile.runner].run({
      profile,
      workspace,
      selection: [],
      coverage: true,
      testMsMax: subject.baseline.testMsMax,
      limits: { ...suiteLimits, wallMsMax },
      signal: run.abort,
    });
    refuseUnobserved(termination);
    return coverage === undefined ? null : await tools.blobs.put(canonicalJson(coverage));
  });
  if (digest === null) return undefined;
  const bytes = await tools.blobs.get(digest);
  return bytes === undefined ? undefined : coverageSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}
