import { dirname } from "node:path";
import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import type { AgentConfig, AgentUpstream } from "./agent-config.ts";
import type { Route } from "./egress/reverse-route.ts";

/** The routes out of the sandbox, with the credentials that stay outside. */
export type EgressPlan = { routes: readonly Route[]; upstreams: readonly AgentUpstream[] };

/** Tells programs that want a key that there is one, which is added outside. */
export const placeholderKey = "assay-adds-the-key";

/** Looks up the credentials; a fault of code `agent-failed` names the variable that is missing. */
export function planEgress(
  { upstreams = [] }: AgentConfig,
  credential: (keyEnv: string) => string | undefined,
): { kind: "planned"; plan: EgressPlan } | { kind: "fault"; fault: Fault } {
  const routes: Route[] = [];
  for (const upstream of upstreams) {
    const secret = credential(upstream.keyEnv) ?? "";
    if (!/^[\x21-\x7e]+$/.test(secret)) {
      const lack = secret === "" ? "is not set" : "holds characters that no header may have";
      const message = `the upstream ${upstream.name} needs a credential, and ${upstream.keyEnv} ${lack}`;
      return { kind: "fault", fault: fault("agent-failed", message, `set ${upstream.keyEnv}`) };
    }
    const value = upstream.scheme === undefined ? secret : `${upstream.scheme} ${secret}`;
    const header = upstream.header.toLowerCase();
    routes.push({ name: upstream.name, baseUrl: new URL(upstream.baseUrl), header, value, secret });
  }
  return { kind: "planned", plan: { routes, upstreams } };
}

/**
 * The agent's whole environment. What the user configured comes last, for every agent names its settings differently; no credential is
 * in it, for none is looked up here.
 */
export function agentEnvironment(
  { env = {} }: AgentConfig,
  { upstreams }: EgressPlan,
  { port, home, node }: { port: number; home: string; node: string },
): Record<string, string> {
  const here = `http://127.0.0.1:${port}`;
  const proxied = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"].map((name) => [name, here] as const);
  const direct = ["no_proxy", "NO_PROXY"].map((name) => [name, "127.0.0.1,localhost"] as const);
  const routed = upstreams.flatMap(({ name, keyEnv, baseUrlEnv }) => [
    [keyEnv, placeholderKey] as const,
    [baseUrlEnv ?? `${name.toUpperCase().replaceAll("-", "_")}_BASE_URL`, `${here}/${name}`] as const,
  ]);
  return {
    PATH: `/usr/local/bin:/usr/bin:/bin:${dirname(node)}`,
    HOME: home,
    TMPDIR: "/tmp",
    LANG: "C.UTF-8",
    // Node's own fetch leaves the variables aside without it.
    NODE_USE_ENV_PROXY: "1",
    ...Object.fromEntries([...proxied, ...direct, ...routed]),
    ...env,
  };
}
