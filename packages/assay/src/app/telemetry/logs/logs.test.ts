import fc from "fast-check";
import { expect, test } from "vitest";
import { acceptedRun } from "../../../../test/support/sample-runs.ts";
import { Metrics } from "../metrics/metrics.ts";
import { traceIdOf } from "../traces/trace-ids.ts";
import type { LogFields } from "./log-fields.ts";
import { logRequest, logRunEvent } from "./log-lines.ts";
import { type LogLevel, openLog } from "./open-log.ts";
import { serverLog } from "./server-log.ts";

function logTo(level: LogLevel = "debug") {
  const lines: string[] = [];
  const log = openLog(level, { write: (line: string) => void lines.push(line) });
  return { log, lines, parsed: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const secrets = [
  "assay_k3yk3yk3yk3yk3yk3yk3y",
  "sk-abcdefghijklmnopqrstuvwx",
  "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
  "hunter22hunter22",
  "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ3MSJ9.c2lnbmF0dXJl",
];

test("whatever is handed in, no key, authorization or cookie is logged", () => {
  const { log, lines } = logTo();
  for (const secret of secrets) {
    const smuggled: object = {
      headers: { authorization: `Bearer ${secret}`, cookie: `session=${secret}` },
      authorization: secret,
      cookie: secret,
      key: secret,
      body: { key: secret },
      request: { headers: { authorization: secret } },
    };
    // As a caller without types would.
    const asFields = smuggled as LogFields;
    log.info("a request", asFields);
    log.with(asFields).error("a request", asFields, new Error(`refused: Authorization: Bearer ${secret}`));
    log.warn(`GET https://ada:${secret}@example.org/ with cookie: ${secret}`);
    log.debug(`token=${secret}`, { url: `https://ada:${secret}@example.org/` });
    log.error("x", {}, { secret });
  }
  expect(lines).toHaveLength(secrets.length * 5);
  for (const secret of secrets) expect(lines.join("\n")).not.toContain(secret);
});

test("a line is one line of JSON, whatever its texts are", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (message, task) => {
      const { log, lines } = logTo();
      log.info(message, { task });
      expect(lines).toHaveLength(1);
      expect(lines[0]?.trimEnd()).not.toMatch(/\p{Cc}/u);
      expect(() => JSON.parse(lines[0] ?? "")).not.toThrow();
    }),
  );
  const { log, parsed } = logTo();
  log.info("100 %s of %d\nforged", { run: "heal-01kbm2x9c4" });
  expect(parsed()).toMatchObject([{ level: "info", msg: "100 %s of %d forged", run: "heal-01kbm2x9c4" }]);
});

test("a level leaves out what is below it", () => {
  const { log, lines } = logTo("warn");
  log.info("a");
  log.debug("b");
  expect(lines).toEqual([]);
  log.warn("c");
  log.with({ run: "r" }).error("d");
  expect(lines).toHaveLength(2);
});

test("a run's changes are told with its trace, its id and its tenant", () => {
  const { log, parsed } = logTo();
  const { events } = acceptedRun();
  for (const event of events) logRunEvent(log, "acme", event);
  const common = { run: "heal-01kbm2x9c4", tenant: "acme", trace_id: traceIdOf("heal-01kbm2x9c4") };
  expect(parsed()).toMatchObject([
    { msg: "run started", ...common },
    { msg: "run claimed", ...common },
    { msg: "run ended", outcome: "accepted", ...common },
  ]);
});

test("a request is told by its route, and loudly when it failed", () => {
  const { log, parsed } = logTo();
  const seen = { request: "r1", route: "/v1/runs/:run", method: "GET", durationMs: 3, key_id: "k1", tenant: "acme" };
  for (const status of [200, 404, 401, 429, 503]) logRequest(log, { ...seen, status });
  expect(parsed().map(({ level }) => level)).toEqual(["info", "info", "warn", "warn", "error"]);
  expect(parsed()[0]).toMatchObject({ request: "r1", route: "/v1/runs/:run", status: 200, key_id: "k1" });
});

test("what a server says of its answers is counted and told, and of its failures told without what they hold", async () => {
  const { log, parsed, lines } = logTo();
  const metrics = new Metrics();
  const server = serverLog(log, metrics);
  const seen = { request: "r1", operation: "listRuns", method: "GET", durationMs: 3, tenant: "acme", key: "k1" };
  server.info({ ...seen, status: 200 }, "answered");
  server.info({ request: "r2", operation: undefined, method: "GET", status: 404, durationMs: 1 }, "answered");
  server.info({ run: "heal-01kbm2x9c4", headers: { cookie: "c00kie" } }, "run ended");
  server.error({ request: "r3", operation: "listRuns", error: new Error("token=hunter22hunter22") }, "a defect");
  expect(parsed()).toMatchObject([
    { msg: "request", route: "listRuns", status: 200, key_id: "k1", tenant: "acme" },
    { msg: "request", route: "none", status: 404 },
    { msg: "run ended", run: "heal-01kbm2x9c4" },
    { level: "error", msg: "a defect", request: "r3", error: "Error: token=[redacted]" },
  ]);
  expect(lines.join("")).not.toMatch(/c00kie|hunter22/);
  const text = await metrics.text();
  expect(text).toContain('assay_http_requests_total{route="listRuns",method="GET",status="200"} 1');
  expect(text).toContain('assay_http_requests_total{route="none",method="GET",status="404"} 1');
});
