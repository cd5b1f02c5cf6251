import { z } from "zod";
import { defineRoutes } from "../route.ts";
import { scopeSchema } from "../scope.ts";
import { apiKeyViewSchema, auditRecordSchema, pageOf, revokedKeySchema } from "../views.ts";
import { json, page } from "./parts.ts";

/** Another than the caller's only for a key of the default tenant. */
const ofTenant = {
  tenant: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .optional(),
};

/** Who may ask, and what was asked. */
export const keysRoutes = defineRoutes({
  createKey: {
    method: "POST",
    path: "/v1/keys",
    scope: "admin",
    summary: "Make a key; it is shown this once",
    body: z.strictObject({
      name: z.string().min(1).max(100),
      scopes: z.array(scopeSchema).min(1),
      ...ofTenant,
      expiresInSeconds: z
        .int()
        .min(1)
        .max(366 * 86_400)
        .optional(),
    }),
    status: 201,
    answer: json(z.object({ key: z.string(), view: apiKeyViewSchema })),
  },
  listKeys: {
    method: "GET",
    path: "/v1/keys",
    scope: "admin",
    summary: "Keys of the tenant, without the keys themselves",
    query: z.object({ ...ofTenant }),
    status: 200,
    answer: json(z.object({ items: z.array(apiKeyViewSchema) })),
  },
  revokeKey: {
    method: "POST",
    path: "/v1/keys/:id/revoke",
    scope: "admin",
    summary: "Make a key void at once, and all that it made",
    params: z.object({ id: z.string().min(1).max(100) }),
    query: z.object({ ...ofTenant }),
    status: 200,
    answer: json(revokedKeySchema),
  },
  listAudit: {
    method: "GET",
    path: "/v1/audit",
    scope: "admin",
    summary: "Every mutation that was asked for, newest first",
    query: z.object({ ...page }),
    status: 200,
    answer: json(pageOf(auditRecordSchema)),
  },
});
