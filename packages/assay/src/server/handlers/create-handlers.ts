import { keyHandlers } from "../auth/key-handlers.ts";
import type { Handlers } from "../handlers.ts";
import { approvalHandlers } from "./approvals.ts";
import { budgetHandlers } from "./budgets.ts";
import { circuitHandlers } from "./circuits.ts";
import { configurationHandlers } from "./configuration.ts";
import { evidenceHandlers } from "./evidence.ts";
import type { HandlerParts } from "./handler-parts.ts";
import { healthHandlers } from "./health.ts";
import { knowledgeHandlers } from "./knowledge.ts";
import { runHandlers } from "./runs.ts";
import { taskHandlers } from "./tasks.ts";
import { TenantRuns } from "./tenant-runs.ts";
import { workerHandlers } from "./workers.ts";

/** What answers every operation that is about the project. */
export function createHandlers(parts: HandlerParts): Handlers {
  const runs = new TenantRuns(parts.supervisor);
  const { keys, mutations, now, onKeyRevoked } = parts;
  return {
    ...runHandlers(runs),
    ...taskHandlers(runs),
    ...evidenceHandlers(runs),
    ...approvalHandlers(runs),
    ...budgetHandlers(runs),
    ...configurationHandlers(runs),
    ...knowledgeHandlers(),
    ...workerHandlers(parts),
    ...circuitHandlers(parts),
    ...healthHandlers(parts),
    ...keyHandlers({ keys, mutations, now, ...(onKeyRevoked === undefined ? {} : { onKeyRevoked }) }),
  };
}
