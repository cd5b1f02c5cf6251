import { readConfig, readUserConfig } from "#app";
import type { Handlers } from "../handlers.ts";
import { redacted } from "../projections/redacted.ts";
import type { TenantRuns } from "./tenant-runs.ts";

/** The project's and the user's configuration as they are now. */
export function configurationHandlers(runs: TenantRuns): Pick<Handlers, "readConfiguration"> {
  return {
    readConfiguration: async (call) => {
      const { desk } = await runs.of(call);
      const { root } = desk.project;
      return { root, project: redacted(await readConfig(root)), user: redacted(await readUserConfig()) };
    },
  };
}
