import { type Route, routes } from "@assay/sdk";
import { documentPath } from "./documentation.ts";

const patterns = new Map<string, { pattern: RegExp; methods: Set<string> }>();
for (const { path, method, answer } of [
  ...(Object.values(routes) as Route[]),
  { path: documentPath, method: "GET", answer: { kind: "text" } },
]) {
  const known = patterns.get(path) ?? { pattern: patternOf(path), methods: new Set<string>() };
  known.methods.add(method);
  if (method === "GET" && answer.kind !== "events") known.methods.add("HEAD");
  patterns.set(path, known);
}

/** The methods that a path takes; none: there is no such path. */
export function allowedMethods(path: string): string[] {
  const methods = [...patterns.values()]
    .filter(({ pattern }) => pattern.test(path))
    .flatMap((known) => [...known.methods]);
  return [...new Set(methods)].sort();
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/:[a-z]+/g, "[^/]+")}$`);
}
