import type { IncomingMessage } from "node:http";
import type { Protocol } from "./protocol.ts";
import type { Route } from "./routes.ts";
import type { Problem } from "./violation.ts";

/** What is wrong with a request before its body is looked into. To look whether there is something at a path breaks no rule. */
export function wireProblems(route: Route, request: IncomingMessage, text: string, body: unknown): Problem[] {
  if (route.kind === "unknown") {
    return [{ rule: "route", message: `there is no ${request.method} ${request.url?.replace(/\?.*/, "")}` }];
  }
  if (request.method !== "POST") return [];
  const problems: Problem[] = [];
  const type = request.headers["content-type"] ?? "none";
  if (!/^application\/json(;|$)/i.test(type)) {
    problems.push({ rule: "content-type", message: `the content type is ${type}, not application/json` });
  }
  if (body === undefined) problems.push({ rule: "json", message: `the body is no JSON (${text.length} characters)` });
  return problems;
}

/** Whether the key is there in the protocol's form, and one of those that are let in, if there are such. */
export function keyProblems(
  protocol: Protocol,
  request: IncomingMessage,
  query: URLSearchParams,
  keys: readonly string[] | undefined,
): Problem[] {
  const given = protocol.key(request.headers, query);
  if (given === undefined) return [];
  if ("rule" in given) return [given];
  const known = keys === undefined || keys.includes(given.key);
  return known ? [] : [{ rule: "key-unknown", message: "the key is not one of those that are let in" }];
}
