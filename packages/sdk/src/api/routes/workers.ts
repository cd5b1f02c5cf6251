import { z } from "zod";
import { defineRoutes } from "../route.ts";
import { workerViewSchema } from "../views.ts";
import { done, json, reason } from "./parts.ts";

const worker = z.object({ worker: z.string().min(1).max(200) });

/** Who does tasks, and what stops them all. */
export const workersRoutes = defineRoutes({
  listWorkers: {
    method: "GET",
    path: "/v1/workers",
    scope: "read",
    summary: "Workers with role, health and what they hold",
    status: 200,
    answer: json(z.object({ items: z.array(workerViewSchema) })),
  },
  grantAttest: {
    method: "POST",
    path: "/v1/workers/:worker/attest",
    scope: "admin",
    summary: "Whether a worker's results count as evidence",
    params: worker,
    body: z.strictObject({ granted: z.boolean().default(true) }).prefault({}),
    status: 200,
    answer: json(workerViewSchema),
  },
  revokeWorker: {
    method: "POST",
    path: "/v1/workers/:worker/revoke",
    scope: "admin",
    summary: "Shut a worker out at once",
    params: worker,
    body: reason,
    status: 200,
    answer: json(workerViewSchema),
  },
  emergencyStop: {
    method: "POST",
    path: "/v1/emergency-stop",
    scope: "admin",
    summary: "Halt all execution, here and on workers, until it is lifted",
    body: reason,
    status: 200,
    // `saved`: it holds over a restart. Else it is in force, and written down as soon as that can be done.
    answer: json(done.extend({ saved: z.boolean() })),
  },
  liftEmergencyStop: {
    method: "POST",
    path: "/v1/emergency-stop/lift",
    scope: "admin",
    summary: "Take work again after an emergency stop",
    body: reason,
    status: 200,
    answer: json(done),
  },
});
