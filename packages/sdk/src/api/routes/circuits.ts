import { z } from "zod";
import { defineRoutes } from "../route.ts";
import { circuitChangeSchema, circuitLevelSchema, circuitViewSchema } from "../views.ts";
import { json, reason } from "./parts.ts";

const circuit = z.object({ circuit: z.string().min(1).max(300) });

/** Circuit breakers. */
export const circuitsRoutes = defineRoutes({
  listCircuits: {
    method: "GET",
    path: "/v1/circuits",
    scope: "read",
    summary: "Circuit breakers of steps, workers and the system",
    query: z.object({ level: circuitLevelSchema.optional() }),
    status: 200,
    answer: json(z.object({ items: z.array(circuitViewSchema) })),
  },
  readCircuit: {
    method: "GET",
    path: "/v1/circuits/:circuit",
    scope: "read",
    summary: "A circuit breaker with its history, newest first",
    params: circuit,
    status: 200,
    answer: json(z.object({ circuit: circuitViewSchema, history: z.array(circuitChangeSchema) })),
  },
  resetCircuit: {
    method: "POST",
    path: "/v1/circuits/:circuit/reset",
    scope: "admin",
    summary: "Close a circuit breaker by hand",
    params: circuit,
    body: reason,
    status: 200,
    answer: json(circuitViewSchema),
  },
});
