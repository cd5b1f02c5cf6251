import { expect, test } from "vitest";
import { traceparentOf } from "./trace-ids.ts";
import { workSpan } from "./work-span.ts";

const done = { task: "check-1", kind: "check", startMs: 5, endMs: 9, failed: false };

test("a worker's span stands below its claim's, in the trace of the run", () => {
  const traceparent = traceparentOf("heal-01kbm2x9c4", "check-1", 2);
  const [, traceId, parentSpanId] = traceparent.split("-");
  expect(workSpan(traceparent, done)).toMatchObject({ traceId, parentSpanId, status: "unset", startMs: 5, endMs: 9 });
  expect(workSpan(traceparent, { ...done, failed: true })?.status).toBe("error");
});

test("a claim without a place in a trace gives no span", () => {
  expect(workSpan("", done)).toBeUndefined();
  expect(workSpan("00-zz", done)).toBeUndefined();
});
