import { defineRoutes } from "./route.ts";
import { approvalsRoutes } from "./routes/approvals.ts";
import { circuitsRoutes } from "./routes/circuits.ts";
import { connectionRoutes } from "./routes/connection.ts";
import { evidenceRoutes } from "./routes/evidence.ts";
import { healthRoutes } from "./routes/health.ts";
import { keysRoutes } from "./routes/keys.ts";
import { projectRoutes } from "./routes/project.ts";
import { runsRoutes } from "./routes/runs.ts";
import { tasksRoutes } from "./routes/tasks.ts";
import { workersRoutes } from "./routes/workers.ts";

/** Every operation that the daemon serves, worker protocol aside; its order is the order of the OpenAPI document. */
export const routes = defineRoutes({
  ...healthRoutes,
  ...runsRoutes,
  ...evidenceRoutes,
  ...approvalsRoutes,
  ...tasksRoutes,
  ...workersRoutes,
  ...circuitsRoutes,
  ...projectRoutes,
  ...keysRoutes,
  ...connectionRoutes,
});
export type Routes = typeof routes;
export type RouteName = keyof Routes;
