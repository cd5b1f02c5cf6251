import type { RunEvent } from "@assay/sdk";
import type { SpanAttributes, SpanDraft } from "./span-draft.ts";
import { runPlace } from "./trace-ids.ts";

/** Of what happened at one moment, as an event of the run's span: codes and counts. `undefined`: it is none. */
export function eventAttributes(event: RunEvent): SpanAttributes | undefined {
  switch (event.type) {
    case "verdict-reached":
      return {
        "assay.candidate": event.candidate,
        "assay.verdict": event.verdict.kind,
        "assay.verdict.level": event.verdict.level,
        "assay.verdict.reasons": [...new Set(event.verdict.reasons.map(({ code }) => code))],
        "assay.verdict.evidence": event.verdict.evidence.slice(0, 20),
      };
    case "violation-found":
      return { "assay.violation": event.id, "assay.violation.kind": event.kind, "assay.step": event.step };
    case "violation-explored":
      return {
        "assay.violation": event.violation,
        "assay.exploration": event.kind,
        "assay.conclusion": event.conclusion,
      };
    case "breaker-changed":
      return { "assay.breaker": event.breaker, "assay.breaker.from": event.from, "assay.breaker.to": event.to };
    case "plan-made":
      return { "assay.plan.revision": event.revision, "assay.plan.tasks": event.plan.tasks.length };
    case "run-paused":
      return { "assay.fault": event.fault.code };
    case "lease-claimed":
    case "run-cancelled":
      return {};
    case "child-started":
    case "run-forked":
      return { "assay.other_run": event.type === "run-forked" ? event.from : event.child };
    default:
      return undefined;
  }
}

/** Runs of their own have traces of their own: a link leads there. */
export function eventLink(event: RunEvent): SpanDraft["links"][number] | undefined {
  switch (event.type) {
    case "child-started":
      return { ...runPlace(event.child), attributes: { "assay.link": "child" } };
    case "run-forked":
      return { ...runPlace(event.from), attributes: { "assay.link": "forked-from" } };
    default:
      return undefined;
  }
}
