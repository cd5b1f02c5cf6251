import { z } from "zod";
import { attemptName, suiteLimits } from "#domain";
import type { Run } from "#engine";
import type { Coverage, ObservedKinds } from "#ports";
import { canonicalJson } from "#ports";
import { refuseUnobserved } from "../observe.ts";
import type { Case } from "./check.ts";
import type { RepairTools } from "./goal.ts";

const measuredSchema = z.object({
  coverage: z.record(z.string(), z.record(z.string(), z.array(z.int()))),
  kinds: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string()))).optional(),
});

/** What the tests execute, and what values they find there, as far as the runner can tell. */
export type Measured = { coverage?: Coverage; kinds?: ObservedKinds };

/** Tracing every line makes a suite slower by about this much at most. */
const tracingFactor = 10;

/**
 * Which lines each test executes and with what kinds of values; nothing where the runner cannot tell. Not evidence: it only says where to look first,
 * so a suite that does not end under it is searched without.
 */
export async function measureCoverage(run: Run, tools: RepairTools, subject: Case): Promise<Measured> {
  const { snapshot, profile } = subject.project;
  tools.progress({ kind: "phase", phase: "propose", detail: "which lines does each test execute" });
  const digest = await run.step("coverage", { base: snapshot.digest }, async () => {
    await using workspace = await tools.workspaces.open(snapshot, attemptName(run.id, "base", "coverage"));
    const wallMsMax = Math.min(suiteLimits.wallMsMax, subject.baseline.wallMsMax * tracingFactor);
    const { coverage, kinds, termination } = await tools.runners[profile.runner].run({
      profile,
      workspace,
      selection: [],
      coverage: true,
      testMsMax: subject.baseline.testMsMax,
      limits: { ...suiteLimits, wallMsMax },
      signal: run.abort,
    });
    refuseUnobserved(termination);
    if (coverage === undefined) return null;
    return await tools.blobs.put(canonicalJson({ coverage, ...(kinds === undefined ? {} : { kinds }) }));
  });
  const bytes = digest === null ? undefined : await tools.blobs.get(digest);
  if (bytes === undefined) return {};
  const { coverage, kinds } = measuredSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  return { coverage, ...(kinds === undefined ? {} : { kinds }) };
}
