import { z } from "zod";
import { digestSchema } from "../../digest.ts";
import { defineRoutes } from "../route.ts";
import { budgetViewSchema, pageOf } from "../views.ts";
import { json, page } from "./parts.ts";

/** What a project keeps, knows, may use and is set to. */
export const projectRoutes = defineRoutes({
  keepBlob: {
    method: "POST",
    path: "/v1/blobs",
    scope: "runs",
    summary: "Keep content that a goal refers to by its digest",
    body: z.strictObject({ base64: z.base64() }),
    status: 201,
    answer: json(z.object({ digest: digestSchema })),
  },
  readBlob: {
    method: "GET",
    path: "/v1/blobs/:digest",
    scope: "evidence",
    summary: "Evidence and other content by its digest",
    params: z.object({ digest: digestSchema }),
    status: 200,
    answer: { kind: "bytes" },
  },
  listKnowledge: {
    method: "GET",
    path: "/v1/knowledge",
    scope: "read",
    ofDaemon: true,
    summary: "What was learned: which method was right how often for which failure",
    status: 200,
    answer: json(z.object({ items: z.array(z.record(z.string(), z.unknown())) })),
  },
  listBudgets: {
    method: "GET",
    path: "/v1/budgets",
    scope: "read",
    summary: "What runs may use, have used and have left",
    query: z.object({ ...page }),
    status: 200,
    answer: json(pageOf(budgetViewSchema)),
  },
  readConfiguration: {
    method: "GET",
    path: "/v1/configuration",
    scope: "admin",
    summary: "The configuration in force, secrets redacted",
    status: 200,
    answer: json(z.record(z.string(), z.unknown())),
  },
});
