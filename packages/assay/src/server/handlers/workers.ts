import type { WorkerView } from "@assay/sdk";
import { raise } from "#domain";
import { defaultTenant } from "#ports";
import type { Handlers } from "../handlers.ts";
import type { HandlerParts } from "./handler-parts.ts";

type WorkerHandlers = Pick<
  Handlers,
  "listWorkers" | "grantAttest" | "revokeWorker" | "emergencyStop" | "liftEmergencyStop"
>;

/** Workers, and the stop that halts them together with everything else. */
export function workerHandlers({ supervisor, workers }: HandlerParts): WorkerHandlers {
  const known = (view: WorkerView | undefined, id: string) =>
    view ?? raise("not-found", `there is no worker ${id}`, "GET /v1/workers lists them");
  return {
    listWorkers: async ({ caller }) => ({ items: (await workers?.views(caller.tenant)) ?? [] }),
    grantAttest: async ({ caller, params, body }) => {
      const { tenant } = caller;
      known(await workers?.view(tenant, params.worker), params.worker);
      await supervisor.works.get(tenant)?.registry.grantAttest(params.worker, body.granted);
      return known(await workers?.view(tenant, params.worker), params.worker);
    },
    revokeWorker: async ({ caller, params, body }) =>
      known(await workers?.revoke(caller.tenant, params.worker, body.reason), params.worker),
    emergencyStop: async ({ caller, body }) => {
      // Of another tenant the runs that handed out its workers' tasks are halted, and those with them.
      const alsoHalt = async () => (caller.tenant === defaultTenant ? workers?.stop(body.reason) : undefined);
      return { done: true, saved: await supervisor.stop(caller.tenant, body.reason, alsoHalt) };
    },
    liftEmergencyStop: async ({ caller }) => {
      await supervisor.lift(caller.tenant, () => (caller.tenant === defaultTenant ? workers?.lift() : undefined));
      return { done: true };
    },
  };
}
