import { z } from "zod";
import { auditEntrySchema } from "../../audit-entry.ts";
import { defineRoutes } from "../route.ts";
import { artifactViewSchema, verificationSchema } from "../views.ts";
import { json, run } from "./parts.ts";

/** What a run rests on, and what it left. */
export const evidenceRoutes = defineRoutes({
  auditRun: {
    method: "GET",
    path: "/v1/runs/:run/audit",
    scope: "evidence",
    summary: "Who did what, when, on which content",
    params: run,
    status: 200,
    answer: json(z.object({ items: z.array(auditEntrySchema) })),
  },
  listArtifacts: {
    method: "GET",
    path: "/v1/runs/:run/artifacts",
    scope: "evidence",
    summary: "Patch, receipt, report, bundle",
    params: run,
    status: 200,
    answer: json(z.object({ items: z.array(artifactViewSchema) })),
  },
  readArtifact: {
    method: "GET",
    path: "/v1/runs/:run/artifacts/:name",
    scope: "evidence",
    summary: "An artifact's bytes",
    params: z.object({ run: z.string().max(100), name: z.string().min(1).max(200) }),
    status: 200,
    answer: { kind: "bytes" },
  },
  writeReport: {
    method: "POST",
    path: "/v1/runs/:run/report",
    scope: "runs",
    summary: "Write the report anew from the journal",
    params: run,
    status: 200,
    answer: json(z.object({ path: z.string() })),
  },
  verifyRun: {
    method: "POST",
    path: "/v1/runs/:run/verify",
    scope: "evidence",
    summary: "Check the run's receipt: signature, digests, verdict, signer",
    params: run,
    status: 200,
    answer: json(verificationSchema),
  },
});
