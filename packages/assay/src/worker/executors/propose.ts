import { type ProposeOutput, proposeInputSchema } from "@assay/sdk";
import { openSentProject } from "#app";
import { attemptName, defaultHealBudget, raise, suiteLimits } from "#domain";
import type { Executor } from "../executor.ts";
import { fetchFiles } from "./fetch-files.ts";

/** Proposes by search, without a model. What it finds is a candidate: whoever asked checks it again. */
export function proposeExecutor({ environment }: { environment?: string } = {}): Executor {
  return async (document, context) => {
    const input = proposeInputSchema.parse(document);
    await using project = await openSentProject(await fetchFiles(input.files, context), environment);
    const { profile, tools, snapshot, run } = project;
    if (profile.runner !== input.runner) {
      raise("environment-broken", `these files are tested by ${profile.runner} here, not by ${input.runner}`);
    }
    const { editable, oracleFiles } = input;
    const asked = { ...profile, oracleFiles, sourceFiles: editable };
    context.begin();
    await using workspace = await tools.workspaces.open(snapshot, attemptName(run, "baseline", "1"));
    const { signal } = context;
    const limits = { ...suiteLimits, wallMsMax: Math.min(suiteLimits.wallMsMax, input.limits.wallMsMax) };
    const runner = tools.runners[input.runner];
    const baseline = await runner.run({ profile: asked, workspace, selection: [], coverage: true, limits, signal });
    signal.throwIfAborted();
    const proposal = await tools.searchProposer().propose({
      run,
      snapshot,
      profile: asked,
      baseline: baseline.report,
      failures: input.failures,
      targets: input.targets,
      guards: input.guards,
      ...(baseline.coverage === undefined ? {} : { coverage: baseline.coverage }),
      ...(baseline.kinds === undefined ? {} : { kinds: baseline.kinds }),
      budget: {
        ...defaultHealBudget,
        wallMsMax: Math.max(1, input.limits.wallMsMax - baseline.durationMs),
        attemptsMax: 1,
      },
      signal,
    });
    return {
      version: 1,
      kind: "propose",
      candidates: proposal.candidates.slice(0, input.limits.candidatesMax).map(({ edits, provenance }) => ({
        edits: [...edits],
        summary: provenance.summary.slice(0, 500),
        method: provenance.method.slice(0, 200),
      })),
      tried: proposal.tried,
      ...(proposal.reason === undefined ? {} : { note: proposal.reason }),
    } satisfies ProposeOutput;
  };
}
