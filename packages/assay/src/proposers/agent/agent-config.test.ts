import { dirname } from "node:path";
import { expect, test } from "vitest";
import { homeDirectory } from "#ports";
import { agentConfigSchema } from "./agent-config.ts";
import { agentEnvironment, planEgress } from "./agent-environment.ts";

const upstream = {
  name: "anthropic",
  baseUrl: "https://api.anthropic.com",
  header: "X-Api-Key",
  keyEnv: "ANTHROPIC_API_KEY",
};
const config = agentConfigSchema.parse({ command: ["agent", "--acp"], env: { MODE: "fast" }, upstreams: [upstream] });
const places = { port: 3128, home: "/tmp/home", node: "/opt/node/bin/node" };

test("an agent is told where its API is and given a placeholder for the key", () => {
  const planned = planEgress(config, (name) => (name === "ANTHROPIC_API_KEY" ? "sk-secret" : undefined));
  if (planned.kind === "fault") throw new Error(planned.fault.message);
  const environment = agentEnvironment(config, planned.plan, places);
  expect(environment).toMatchObject({
    ANTHROPIC_BASE_URL: "http://127.0.0.1:3128/anthropic",
    ANTHROPIC_API_KEY: "assay-adds-the-key",
    HTTPS_PROXY: "http://127.0.0.1:3128",
    HOME: "/tmp/home",
    MODE: "fast",
  });
  expect(JSON.stringify(environment)).not.toContain("sk-secret");
  expect(planned.plan.routes).toMatchObject([{ name: "anthropic", header: "x-api-key", value: "sk-secret" }]);
});

test("a scheme stands before the credential", () => {
  const bearer = { ...config, upstreams: [{ ...upstream, header: "authorization", scheme: "Bearer" }] };
  expect(planEgress(bearer, () => "k")).toMatchObject({
    plan: { routes: [{ header: "authorization", value: "Bearer k" }] },
  });
});

test("a credential that is missing, or could not stand in a header, is a fault that names its variable", () => {
  for (const value of [undefined, "", "a\nb", "kéy\u0000"]) {
    expect(planEgress(config, () => value)).toMatchObject({
      kind: "fault",
      fault: { code: "agent-failed", message: expect.stringContaining("ANTHROPIC_API_KEY") },
    });
  }
});

test("a configuration that would let a secret or the home folder into the sandbox is refused", () => {
  const refused = (change: object) => agentConfigSchema.safeParse({ command: ["agent"], ...change }).success === false;
  expect(refused({})).toBe(false);
  for (const name of ["API_KEY", "OPENAI_API_KEY", "github_token", "DB_PASSWORD", "SECRET"]) {
    expect([name, refused({ env: { [name]: "x" } })]).toEqual([name, true]);
  }
  expect(refused({ env: { TOKENIZER: "x", MAX_TOKENS: "1" } })).toBe(false);
  for (const path of ["/", "/.", "relative", homeDirectory(), `${homeDirectory()}/`, dirname(homeDirectory())]) {
    expect([path, refused({ mounts: [path] })]).toEqual([path, true]);
  }
  expect(refused({ mounts: [`${homeDirectory()}/.nvm/versions/node/v24.0.0`] })).toBe(false);
});

test("a configuration that is none is refused", () => {
  const refused = (change: object) => agentConfigSchema.safeParse({ command: ["agent"], ...change }).success === false;
  expect(refused({ command: [] })).toBe(true);
  expect(refused({ command: [""] })).toBe(true);
  expect(refused({ allowHosts: ["https://example.com"] })).toBe(true);
  expect(refused({ upstreams: [{ ...upstream, baseUrl: "file:///etc" }] })).toBe(true);
  expect(refused({ upstreams: [{ ...upstream, name: "../x" }] })).toBe(true);
  expect(refused({ upstreams: [upstream, upstream] })).toBe(true);
  expect(refused({ wallMsMax: 0 })).toBe(true);
  expect(refused({ unknown: 1 })).toBe(true);
});
