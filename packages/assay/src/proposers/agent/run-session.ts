import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EgressSummary, Termination } from "@assay/sdk";
import { assertNever, type Limits, raise } from "#domain";
import type { ExecutionRequest, KeptCopy, ProjectProfile, ReadOnlyMount, Sandbox } from "#ports";
import type { AgentConfig } from "./agent-config.ts";
import { agentEnvironment, type EgressPlan } from "./agent-environment.ts";
import { EgressProxy } from "./egress/egress-proxy.ts";
import { HostRules } from "./egress/host-rules.ts";
import { type Conversation, type ConversationOptions, converse } from "./session/converse.ts";

export type SessionTools = { sandbox: Sandbox; resolve?: (host: string) => Promise<string[]> };

export type SessionPlan = {
  config: AgentConfig;
  egress: EgressPlan;
  copy: KeptCopy;
  profile: ProjectProfile;
  limits: Limits;
  talk: Omit<ConversationOptions, "cwd">;
};

export type SessionEnd = Conversation & {
  egress: EgressSummary;
  /** How it ended by itself, and the last it printed; absent where it ran until we ended it. */
  broke?: string;
};

/** Where things of ours appear in the agent's sandbox. */
const inside = { assets: "/opt/assay/agent", socket: "/opt/assay/egress.sock", home: "/tmp/home", port: 3128 } as const;

/**
 * One session in a sandbox of its own: no network but by the proxy, an empty home, nothing of our environment, the copy writable.
 * When it settles every process of the agent is gone and the proxy is closed.
 */
export async function runSession(tools: SessionTools, plan: SessionPlan): Promise<SessionEnd> {
  await using scope = new AsyncDisposableStack();
  // Only this user can enter it; a sandbox with another uid is given the socket itself.
  const folder = await mkdtemp(join(tmpdir(), "assay-egress-"));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o700);
  const proxy = scope.use(
    await EgressProxy.open({
      socket: join(folder, "socket"),
      rules: new HostRules(plan.config.allowHosts ?? []),
      routes: plan.egress.routes,
      ...(tools.resolve === undefined ? {} : { resolve: tools.resolve }),
    }).catch((error: Error) => raise("environment-broken", `the agent's proxy cannot listen: ${error.message}`)),
  );
  const session = await tools.sandbox.open(await requestOf(plan, join(folder, "socket")));
  const talked = await converse(session, { ...plan.talk, cwd: plan.copy.mount.target });
  const ending = session[Symbol.asyncDispose]();
  const { termination, stderr } = await session.ended;
  await ending;
  const broke = howItEnded(termination);
  const printed = stderr.text.trim().slice(-printedMax);
  return {
    ...talked,
    egress: proxy.summary,
    ...(broke === undefined ? {} : { broke: printed === "" ? broke : `${broke}: ${printed}` }),
  };
}

const printedMax = 300;

/** `undefined`: we ended it. */
function howItEnded(termination: Termination): string | undefined {
  switch (termination.kind) {
    case "cancelled":
      return undefined;
    case "exited":
      return `exit code ${termination.code}`;
    case "signalled":
      return `ended by ${termination.signal}`;
    case "timed-out":
      return `still running after ${termination.wallMsMax} ms`;
    case "limited":
      return `its limit of ${termination.by} was reached`;
    case "sandbox-fault":
      return termination.message;
    default:
      return assertNever(termination);
  }
}

async function requestOf(plan: SessionPlan, socket: string): Promise<ExecutionRequest> {
  const { config, copy, limits, profile } = plan;
  const node = await realpath(process.execPath);
  const { port, home } = inside;
  return {
    argv: [node, `${inside.assets}/agent-shell.mjs`, String(port), inside.socket, home, ...config.command],
    cwd: copy.mount.target,
    env: agentEnvironment(config, plan.egress, { port, home, node }),
    workspace: copy.mount,
    mounts: distinct([
      ...(config.mounts ?? []).map((source) => ({ source })),
      ...profile.mounts,
      { source: node },
      { source: fileURLToPath(new URL("./assets", import.meta.url)), target: inside.assets },
      { source: socket, target: inside.socket },
    ]),
    limits,
  };
}

/** One for each place. */
function distinct(mounts: readonly ReadOnlyMount[]): ReadOnlyMount[] {
  return [...new Map(mounts.map((mount) => [mount.target ?? mount.source, mount])).values()];
}
