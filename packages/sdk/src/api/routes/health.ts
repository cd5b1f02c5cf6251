import { z } from "zod";
import { defineRoutes } from "../route.ts";
import { healthSchema } from "../views.ts";
import { json } from "./parts.ts";

/** How the daemon stands. */
export const healthRoutes = defineRoutes({
  live: {
    method: "GET",
    path: "/health/live",
    scope: undefined,
    summary: "Whether the process answers",
    status: 200,
    answer: json(z.object({ status: z.literal("ok") })),
  },
  ready: {
    method: "GET",
    path: "/health/ready",
    scope: undefined,
    summary: "Whether it takes work: 503 while it starts, stops or cannot write its journal",
    status: 200,
    answer: json(z.object({ status: z.literal("ok") })),
  },
  health: {
    method: "GET",
    path: "/v1/health",
    scope: "read",
    summary: "How the daemon stands, with its circuit breakers",
    status: 200,
    answer: json(healthSchema),
  },
});
