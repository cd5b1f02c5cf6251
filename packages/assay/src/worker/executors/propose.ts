import { type ProposeInput, type ProposeOutput, proposeInputSchema } from "@assay/sdk";
import { openSentProject, type SentProjectOptions } from "#app";
import { FaultError, raise } from "#domain";
import type { Proposal, ProposalRequest } from "#ports";
import type { Executor } from "../executor.ts";
import { fetchFiles } from "./fetch-files.ts";
import { measure } from "./measure.ts";

export type ProposeExecutorOptions = SentProjectOptions & {
  /** `search`, `model:NAME`, `agent:NAME`, as this machine's user has them configured; asked in this order. Default: search. */
  proposers?: readonly string[];
};

/** Proposes by search, models or agents of this machine's user. What they find is a candidate: whoever asked checks it again. */
export function proposeExecutor({ proposers = ["search"], ...place }: ProposeExecutorOptions = {}): Executor {
  return async (document, context) => {
    const input = proposeInputSchema.parse(document);
    await using project = await openSentProject(await fetchFiles(input.files, context), place);
    const { profile, tools, snapshot, run, budget } = project;
    if (profile.runner !== input.runner) {
      raise("environment-broken", `these files are tested by ${profile.runner} here, not by ${input.runner}`);
    }
    const { root } = snapshot;
    const panel = await tools.panel({ kind: "heal", root, tests: [], apply: false, proposers: [...proposers] });
    const { editable, oracleFiles, failures, targets, guards } = input;
    const asked = { ...profile, oracleFiles, sourceFiles: editable };
    context.begin();
    const { signal } = context;
    const baseline = await measure(project, asked, input.limits.wallMsMax, signal);
    const brief = briefOf(input);
    const request: ProposalRequest = {
      run,
      snapshot,
      profile: asked,
      baseline: baseline.report,
      failures,
      targets,
      guards,
      ...(brief === "" ? {} : { brief }),
      ...(baseline.coverage === undefined ? {} : { coverage: baseline.coverage }),
      ...(baseline.kinds === undefined ? {} : { kinds: baseline.kinds }),
      budget: { ...budget, wallMsMax: Math.max(1, input.limits.wallMsMax - baseline.durationMs), attemptsMax: 1 },
      signal,
    };
    let proposal: Proposal | undefined;
    for (const proposer of panel.proposers) {
      proposal = await proposer.propose(request);
      signal.throwIfAborted();
      if (proposal.candidates.length > 0) break;
    }
    if (proposal === undefined) return raise("usage", "this worker has nobody who proposes");
    if (proposal.candidates.length === 0 && proposal.fault !== undefined) throw new FaultError(proposal.fault);
    return outputOf(proposal, input.limits.candidatesMax);
  };
}

/** What is wanted, and what did not do; for whoever reads. */
function briefOf({ brief = "", earlier }: ProposeInput): string {
  const tried = earlier.map(({ diff, reasons }) => `This did not do (${reasons.join("; ")}):\n${diff}`);
  return [brief, ...tried].join("\n\n").trim();
}

function outputOf({ candidates, tried, reason }: Proposal, candidatesMax: number): ProposeOutput {
  return {
    version: 1,
    kind: "propose",
    candidates: candidates.slice(0, candidatesMax).map(({ edits, provenance }) => ({
      edits: [...edits],
      summary: provenance.summary.slice(0, 500),
      method: provenance.method.slice(0, 200),
    })),
    tried,
    ...(reason === undefined ? {} : { note: reason.slice(0, 2000) }),
  };
}
