import type { Fault } from "@assay/sdk";
import { attemptName, FaultError, fault, type Limits, nothingSpent, raise, runId, suiteLimits } from "#domain";
import {
  type CollectBounds,
  digestOf,
  type KeptCopies,
  type KeptCopy,
  type Proposal,
  type ProposalRequest,
  type Proposer,
  type Sandbox,
} from "#ports";
import { type AgentConfig, agentWallMsDefault } from "./agent-config.ts";
import { type EgressPlan, planEgress } from "./agent-environment.ts";
import { runSession } from "./run-session.ts";
import type { StreamBounds } from "./session/agent-stream.ts";
import { faultOf, outcomeOf, sessionOf } from "./session-outcome.ts";
import { taskText } from "./task-text.ts";

export type AgentProposerOptions = {
  /** What the user calls this agent: lower-case letters, digits and dashes. */
  instance: string;
  config: AgentConfig;
  sandbox: Sandbox;
  workspaces: KeptCopies;
  /** The credential that the user keeps under this name, in the environment or a keyring. It never enters the sandbox. */
  credential: (keyEnv: string) => string | undefined;
  /** Of silence; default five minutes. */
  idleMsMax?: number;
  /** Default: three seconds. */
  graceMsMax?: number;
  /** Of what it sends. */
  bounds?: StreamBounds;
  /** All addresses of a host's name; default: what the system says. */
  resolve?: (host: string) => Promise<string[]>;
};

/** Of what an agent left behind. */
const collectBounds: CollectBounds = {
  entriesMax: 50_000,
  filesMax: 200,
  fileBytesMax: 2 * 1024 * 1024,
  totalBytesMax: 8 * 1024 * 1024,
};

/** Of all that runs in the agent's sandbox. */
const agentLimits: Omit<Limits, "wallMsMax"> = { ...suiteLimits, cpuSecondsMax: 4 * 3_600, processesMax: 512 };

/** The sandbox's own clock is behind ours: it only counts where ours should fail. */
const clockMarginMs = 60_000;

/**
 * An external coding agent over the Agent Client Protocol. It works in a copy of the project, in a sandbox of its own; whatever it says,
 * only the difference that it leaves behind becomes a candidate. One proposal is one session. Fails closed where there is no isolation.
 * Faults: `no-isolation`, `agent-failed`, and what workspaces and sandboxes give. Throws a `FaultError` of code `interrupted` when aborted.
 */
export class AgentProposer implements Proposer {
  readonly name = "agent";
  readonly instance: string;
  readonly #options: AgentProposerOptions;
  #sessions = 0;

  constructor(options: AgentProposerOptions) {
    this.instance = options.instance;
    this.#options = options;
  }

  async worstCase(): Promise<{ wallMs: number; candidates: number }> {
    return { wallMs: this.#options.config.wallMsMax ?? agentWallMsDefault, candidates: 1 };
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const started = performance.now();
    const end = (extra: Partial<Proposal>): Proposal => {
      const tried = extra.session === undefined ? 0 : 1;
      const spent = { ...nothingSpent, wallMs: performance.now() - started, candidates: tried };
      return { candidates: [], tried, suspects: [], spent, ...extra };
    };
    const planned = await this.#plan();
    if (planned.kind === "fault") return end({ fault: planned.fault });
    try {
      return end(await this.#session(request, planned.plan, started));
    } catch (error) {
      refuseIfAborted(request);
      if (error instanceof FaultError) return end({ fault: error.fault });
      throw error;
    }
  }

  async #plan(): Promise<ReturnType<typeof planEgress>> {
    const { sandbox, config, credential } = this.#options;
    const probe = await sandbox.probe();
    if (probe.kind === "unavailable") return probed(probe.fault);
    if (probe.isolation.kind === "none" || probe.isolation.network !== "none") {
      return probed(
        fault("no-isolation", "an external agent runs only where something isolates it", "see: assay doctor"),
      );
    }
    return planEgress(config, credential);
  }

  async #session(request: ProposalRequest, egress: EgressPlan, started: number): Promise<Partial<Proposal>> {
    const { sandbox, config, resolve, bounds, idleMsMax = 5 * 60_000, graceMsMax = 3_000 } = this.#options;
    const wallMsMax = Math.min(config.wallMsMax ?? agentWallMsDefault, request.budget.wallMsMax);
    const tell = (current: string) =>
      request.onProgress?.({ tried: 0, total: 1, plausible: 0, ...(current === "" ? {} : { current }) });
    await using copy = await this.#openCopy(request);
    tell(`${this.instance} starts`);
    const ended = await runSession(resolve === undefined ? { sandbox } : { sandbox, resolve }, {
      config,
      egress,
      copy,
      profile: request.profile,
      limits: { ...agentLimits, wallMsMax: wallMsMax + graceMsMax + clockMarginMs },
      talk: {
        task: taskText(request),
        wallMsMax,
        idleMsMax,
        graceMsMax,
        onActivity: tell,
        ...(bounds === undefined ? {} : { bounds }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      },
    });
    refuseIfAborted(request);
    const collected = faultOf(ended) === undefined ? await copy.collect(collectBounds) : undefined;
    const session = sessionOf(this.instance, ended, collected, performance.now() - started);
    return { session, ...outcomeOf(this.instance, ended, collected) };
  }

  /** With a repository, for most agents ask git what they changed; without one where there is no git. */
  async #openCopy(request: ProposalRequest): Promise<KeptCopy> {
    const { workspaces } = this.#options;
    const name = this.#copyName(request);
    return workspaces.openCopy(request.snapshot, name, { withGit: true }).catch((error: unknown) => {
      if (!(error instanceof FaultError) || error.fault.code !== "tool-missing") throw error;
      return workspaces.openCopy(request.snapshot, name);
    });
  }

  #copyName({ run, task = "agent" }: ProposalRequest) {
    this.#sessions += 1;
    const instance = digestOf(this.instance).slice(-8);
    return attemptName(
      run ?? runId(`agent-${String(process.pid).padStart(8, "0")}`),
      task,
      `${instance}-${this.#sessions}`,
    );
  }
}

function probed(reason: Fault): { kind: "fault"; fault: Fault } {
  return { kind: "fault", fault: reason };
}

/** What ends under an abort says nothing of the agent. */
function refuseIfAborted({ signal }: ProposalRequest): void {
  if (signal?.aborted) raise("interrupted", "interrupted while an agent worked");
}
