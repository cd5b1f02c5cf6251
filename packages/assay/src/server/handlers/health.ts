import type { Health } from "@assay/sdk";
import type { Handlers } from "../handlers.ts";
import type { HandlerParts } from "./handler-parts.ts";

/** How the daemon stands, as far as the caller's tenant may know. */
export function healthHandlers(parts: HandlerParts): Pick<Handlers, "health" | "metrics"> {
  return {
    health: async ({ caller }) => healthOf(parts, caller.tenant),
    metrics: () => parts.metrics(),
  };
}

/** How the daemon stands for one tenant. */
export async function healthOf(parts: HandlerParts, tenant: string): Promise<Health> {
  const { supervisor, now } = parts;
  const views = (await parts.workers?.views(tenant)) ?? [];
  const circuits = (await supervisor.servicesOf(tenant)).circuits?.list() ?? [];
  const stop = supervisor.stopped(tenant);
  const inState = (state: string) => circuits.filter((circuit) => circuit.state === state).length;
  const open = circuits.filter(({ state }) => state === "open");
  const problems = [
    ...(stop === undefined ? [] : [`an emergency stop is in force: ${stop}`]),
    ...open.map(({ circuit }) => `circuit ${circuit} is open`),
  ];
  return {
    status: parts.stopping() ? "stopping" : problems.length > 0 ? "degraded" : "ok",
    version: parts.version,
    uptimeMs: now() - parts.startedAt,
    project: supervisor.root,
    runs: supervisor.depthOf(tenant),
    workers: {
      here: views.filter(({ status }) => status === "here").length,
      away: views.filter(({ status }) => status === "away").length,
    },
    tasks: supervisor.works.get(tenant)?.queue.depth() ?? { queued: 0, claimed: 0 },
    circuits: { closed: inState("closed"), halfOpen: inState("half-open"), open: open.length },
    emergencyStop: stop !== undefined,
    problems,
  };
}
