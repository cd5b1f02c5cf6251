import type { FastifyInstance } from "fastify";
import { FaultError, fault, illFormed } from "#domain";

/**
 * A form of another site can send text or form data without asking first, never JSON. What has no canonical form is refused before any
 * schema sees it: many of them let a part of a body through as it is.
 */
export function takeJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, text, done) => {
    parse(request, text, (error, body) => {
      const because = error === null ? illFormed(body) : undefined;
      done(because === undefined ? error : new FaultError(fault("usage", `the body ${because}`)), body);
    });
  });
}
