import type { RouteBody, Routes } from "@assay/sdk";
import type { AnswersOptions } from "./answers.ts";
import { refuseCookieUse } from "./cookie-use.ts";
import { isEncrypted } from "./host-policy.ts";
import type { Answers } from "./register-routes.ts";
import { sessionCookieName, sessionCookieOptions } from "./session-cookie.ts";

/** Login and logout of the dashboard. */
export function sessionAnswers({
  authenticator,
  policy,
  identify,
}: Pick<AnswersOptions, "authenticator" | "policy" | "identify">): Pick<Answers, "openSession" | "closeSession"> {
  return {
    openSession: async (request, reply) => {
      const { key } = request.body as RouteBody<Routes["openSession"]>;
      const identity = await identify(request, () => authenticator.byKey(key));
      const { token, session } = authenticator.openSession(identity);
      const encrypted = isEncrypted(request.raw, policy);
      const expires = new Date(session.expiresAt);
      reply.setCookie(sessionCookieName(encrypted), token, { ...sessionCookieOptions(encrypted), expires });
      const { tenant, scopes } = identity.caller;
      return { tenant, scopes: [...scopes], expiresAt: session.expiresAt };
    },
    closeSession: async (request, reply) => {
      const encrypted = isEncrypted(request.raw, policy);
      const name = sessionCookieName(encrypted);
      const token = request.cookies[name];
      if (token !== undefined) {
        refuseCookieUse(request);
        const authentication = await authenticator.authenticate({ cookie: token });
        if (authentication.kind === "known") request.identity = authentication.identity;
        authenticator.closeSession(token);
      }
      reply.clearCookie(name, sessionCookieOptions(encrypted));
      return { done: true };
    },
  };
}
