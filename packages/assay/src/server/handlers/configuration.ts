import { readConfig, readUserConfig } from "#app";
import { defaultTenant } from "#ports";
import type { Handlers } from "../handlers.ts";
import { redacted } from "../projections/redacted.ts";
import type { TenantRuns } from "./tenant-runs.ts";

/** The project's configuration and, for the default tenant, the user's, as they are now. */
export function configurationHandlers(runs: TenantRuns): Pick<Handlers, "readConfiguration"> {
  return {
    readConfiguration: async (call) => {
      const { desk } = await runs.of(call);
      const { root } = desk.project;
      const project = redacted(await readConfig(root));
      // It is the daemon's account's own: agents, models and where they are.
      return call.caller.tenant === defaultTenant
        ? { root, project, user: redacted(await readUserConfig()) }
        : { root, project };
    },
  };
}
