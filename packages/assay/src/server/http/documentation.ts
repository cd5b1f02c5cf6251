import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { documentTransform, documentTransformObject } from "./document-schemas.ts";

export const documentPath = "/openapi.json";
const documentationPath = "/docs";

/** Must be registered before the routes are. */
export async function documentation(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Assay", version, description: "Runs, evidence and workers of one project's daemon." },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: {
          key: { type: "http", scheme: "bearer", description: "A key of the daemon: assay_…" },
          session: { type: "apiKey", in: "cookie", name: "assay_session", description: "From POST /v1/session" },
        },
      },
    },
    transform: documentTransform,
    transformObject: documentTransformObject,
  });
  await app.register(swaggerUi, {
    routePrefix: documentationPath,
    staticCSP: pagePolicy,
    logo: { type: "image/svg+xml", content: Buffer.from(wordmark) },
    theme: { title: "Assay: the daemon's API" },
  });
  let document: Buffer | undefined;
  app.get(documentPath, { schema: { hide: true } }, async (_request, reply) => {
    document ??= Buffer.from(JSON.stringify(app.swagger()));
    return reply.header("content-type", "application/json").send(document);
  });
}

const wordmark = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="40" viewBox="0 0 96 40"><text x="0" y="28" font-family="sans-serif" font-size="26" font-weight="700" fill="#fff">assay</text></svg>`;

/** The page asks for nothing but its own files and this daemon. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
