import { z } from "zod";
import { decidingKeySchema } from "../../person.ts";
import { defineRoutes } from "../route.ts";
import { approvalViewSchema } from "../views.ts";
import { json, run } from "./parts.ts";

/** What waits for a person. */
export const approvalsRoutes = defineRoutes({
  decideApproval: {
    method: "POST",
    path: "/v1/runs/:run/approval",
    scope: "approvals",
    summary: "Approve or reject what a run has proven; the first decision counts",
    params: run,
    body: z.strictObject({
      approved: z.boolean(),
      by: z.string().min(1).max(200).optional(),
      note: z.string().max(2000).optional(),
    }),
    status: 200,
    answer: json(
      z.object({
        kind: z.enum(["received", "known"]),
        approved: z.boolean(),
        by: z.string(),
        key: decidingKeySchema.optional(),
        at: z.number(),
        finished: z.boolean(),
      }),
    ),
  },
  listApprovals: {
    method: "GET",
    path: "/v1/approvals",
    scope: "read",
    summary: "Runs that wait for somebody's approval",
    status: 200,
    answer: json(z.object({ items: z.array(approvalViewSchema) })),
  },
});
