import { z } from "zod";
import { defineRoutes } from "../route.ts";
import { scopeSchema } from "../scope.ts";
import { done, json } from "./parts.ts";

/** What is about the connection itself, and what Prometheus asks for. */
export const connectionRoutes = defineRoutes({
  openSession: {
    method: "POST",
    path: "/v1/session",
    scope: undefined,
    summary: "Change a key for a cookie that scripts cannot read, for the dashboard",
    body: z.strictObject({ key: z.string().min(1).max(200) }),
    status: 200,
    answer: json(z.object({ tenant: z.string(), scopes: z.array(scopeSchema), expiresAt: z.number() })),
  },
  closeSession: {
    method: "POST",
    path: "/v1/session/close",
    scope: undefined,
    summary: "Forget the cookie",
    status: 200,
    answer: json(done),
  },
  events: {
    method: "GET",
    path: "/v1/events",
    scope: "read",
    summary: "All runs' events as they are appended (server-sent events); Last-Event-ID resumes",
    query: z.object({
      run: z.string().max(100).optional(),
      /** Comma-separated. */
      types: z.string().max(1000).optional(),
      /** Position; absent, and without Last-Event-ID: from now on. */
      after: z.coerce.number().int().min(0).optional(),
    }),
    status: 200,
    answer: { kind: "events" },
  },
  metrics: {
    method: "GET",
    path: "/metrics",
    scope: "metrics",
    ofDaemon: true,
    summary: "Prometheus' text format",
    status: 200,
    answer: { kind: "text", mediaType: "text/plain; version=0.0.4" },
  },
});
