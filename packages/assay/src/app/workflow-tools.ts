import type { RunnerName } from "@assay/sdk";
import { ControlledRunner, openFunctionOracle, ProjectDetection } from "#oracle";
import type { Blobs, RecentChanges, TestRunner } from "#ports";
import {
  AgentProposer,
  HumanProposer,
  type HumanProposerOptions,
  RecentHunksProposer,
  type SearchOptions,
  SearchProposer,
  WorkerProposer,
} from "#proposers";
import { loadSigner } from "#receipt";
import { openSandbox } from "#sandbox";
import type { AttestationDesk, HealGoal, Progress, SolveGoal } from "#workflows";
import { LayeredWorkspaces } from "#workspace";
import { assayVersion } from "./assay-version.ts";
import { agentNamed } from "./check-proposers.ts";
import type { Config } from "./config.ts";
import { hostUserName } from "./decide-approval.ts";
import { knowledgeOfUser } from "./knowledge-of-user.ts";
import { ModelCatalogue } from "./model-catalogue.ts";
import { panelFor } from "./panel.ts";
import { projectRunners } from "./project-runners.ts";
import type { StatePlaces } from "./state-directory.ts";
import type { UserConfig } from "./user-config.ts";
import type { ProjectTools } from "./workflow-of.ts";

export type WorkflowToolsOptions = {
  places: StatePlaces;
  blobs: Blobs;
  config: Config;
  /** Absent: nobody is asked, as where evidence is only made again. */
  user?: UserConfig;
  /** Whether models may be asked only if it is known what they cost. */
  pricesNeeded?: boolean;
  unsafeNoSandbox?: boolean;
  onProgress?: (progress: Progress) => void;
  /** What decides about testers' reports, where workers are served. */
  attestation?: AttestationDesk | undefined;
  /** How a person is reached who is asked to propose. */
  person?: PersonOptions;
};

/** What of a person's proposer depends on how Assay was called. */
export type PersonOptions = Pick<HumanProposerOptions, "terminal" | "waitMsMax">;

/** Wires the ports of the workflows. Fails closed: throws a `FaultError` where nothing isolates and nobody said to go on without. */
export async function workflowTools(options: WorkflowToolsOptions): Promise<ProjectTools> {
  const { places, blobs, config } = options;
  const { sandbox, overlay } = await openSandbox({
    unsafe: options.unsafeNoSandbox === true,
    ...(config.sandbox === undefined ? {} : { kind: config.sandbox }),
  });
  const workspaces = new LayeredWorkspaces({ stateDirectory: places.state, overlay });
  const knowledge = knowledgeOfUser();
  const catalogue = new ModelCatalogue(options.user ?? {}, options.pricesNeeded === true);
  const learned = knowledge === undefined ? {} : { knowledge };
  const runners = withControls(projectRunners(sandbox));
  return {
    assayVersion: assayVersion(),
    sandbox,
    workspaces,
    revisions: workspaces,
    detector: new ProjectDetection(config.runner === undefined ? {} : { runner: config.runner }),
    runners,
    panel: async (goal: HealGoal | SolveGoal) => {
      const since = goal.kind === "heal" ? goal.since : undefined;
      return await panelFor(goal, {
        user: options.user ?? {},
        catalogue,
        blobs,
        knowledge,
        agent: (name) =>
          new AgentProposer({
            instance: name,
            config: agentNamed(name, options.user),
            sandbox,
            workspaces,
            credential: (keyEnv) => process.env[keyEnv],
          }),
        worker: (capability) => new WorkerProposer({ blobs, ...(capability === undefined ? {} : { capability }) }),
        others: {
          "recent-hunks": () =>
            since === undefined ? undefined : new RecentHunksProposer({ workspaces, runners, since }),
          human: () =>
            new HumanProposer({
              ...options.person,
              directory: places.state,
              workspaces,
              blobs,
              user: hostUserName(),
            }),
          search: () => new SearchProposer({ workspaces, runners, ...learned, ...recentSince(workspaces, since) }),
        },
      });
    },
    languageModel: async (name) => (await catalogue.open(name)).model,
    ...(options.attestation === undefined ? {} : { attestation: options.attestation }),
    functionOracle: (language, workers) => openFunctionOracle(sandbox, { language, workers }),
    searchProposer: () => new SearchProposer({ workspaces, runners }),
    blobs,
    ...learned,
    signer: () => loadSigner(),
    directories: { runs: places.runs, checklist: places.checklist },
    progress: options.onProgress ?? (() => undefined),
  };
}

/** What the user says was changed is suspected more; where that cannot be told, whoever takes it back says why. */
function recentSince(changes: RecentChanges, since: string | undefined): Pick<SearchOptions, "recent"> {
  if (since === undefined) return {};
  return {
    recent: async (snapshot) => {
      const hunks = await changes.reverseHunksSince(snapshot, since).catch(() => []);
      return hunks.map(({ edit }) => edit);
    },
  };
}

function withControls(runners: Readonly<Record<RunnerName, TestRunner>>): Readonly<Record<RunnerName, TestRunner>> {
  const wrapped: Record<RunnerName, TestRunner> = { ...runners };
  for (const runner of Object.values(runners)) wrapped[runner.name] = new ControlledRunner(runner);
  return wrapped;
}
