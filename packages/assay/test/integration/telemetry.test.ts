import { createServer } from "node:net";
import { expect, test } from "vitest";
import { thorough } from "../support/depth.ts";
import { otlpReceiver } from "../support/otlp-receiver.ts";
import { projectCopy, resultOf, runAssay } from "../support/run-assay.ts";

test("a healed project is one trace at the collector, and nothing of its code or of the environment's secrets is in it", async () => {
  await using collector = await otlpReceiver();
  await using copy = await projectCopy("python-prices");
  const ended = await runAssay(copy.home, ["heal", copy.project, "--json"], {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20not-to-be-told",
      OPENAI_API_KEY: "sk-not-to-be-told-0123456789",
    },
  });
  expect(resultOf(ended).outcome).toBe("accepted");
  const { spans } = collector;
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const roots = spans.filter(({ parentSpanId }) => !parentSpanId);
  expect(roots.map(({ name }) => name)).toEqual(["run heal"]);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  expect(ids.size).toBe(spans.length);
  for (const span of spans) if (span.parentSpanId) expect(ids, span.name).toContain(span.parentSpanId);
  const names = spans.map(({ name }) => name);
  expect(names).toContain("execution baseline");
  expect(names).toContain("attempt search");
  const parents = new Map(spans.map((span) => [span.spanId, span]));
  const executions = spans.filter(({ name }) => name.startsWith("execution "));
  for (const { parentSpanId = "" } of executions) expect(parents.get(parentSpanId)?.name).toMatch(/^step /);
  expect(roots[0]?.events.map(({ name }) => name)).toContain("verdict-reached");
  const told = collector.bodies.join("\n");
  for (const secret of ["not-to-be-told", "def ", copy.project]) expect(told).not.toContain(secret);
});

thorough("a collector that is gone changes nothing of what is told and done", async () => {
  await using copy = await projectCopy("python-prices");
  const ended = await runAssay(copy.home, ["heal", copy.project, "--json"], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` },
  });
  expect(ended.code).toBe(0);
  expect(resultOf(ended).outcome).toBe("accepted");
  expect(ended.stderr).toBe("");
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 1;
}
