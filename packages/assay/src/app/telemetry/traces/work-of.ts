import type { RunEvent } from "@assay/sdk";
import { agentAttributes, agentSpanName, modelAttributes, modelSpanName } from "./gen-ai.ts";
import type { SpanAttributes, SpanDraft } from "./span-draft.ts";

/** Work that an event tells of when it is done. */
export type Work = {
  name: string;
  kind: SpanDraft["kind"];
  durationMs: number;
  failed?: boolean;
  attributes: SpanAttributes;
};

/** What names and values may hold: keys and codes, never code, prompts, answers, messages or paths. */
export function workOf(event: RunEvent): Work | undefined {
  switch (event.type) {
    case "step-finished":
      return {
        name: `step ${event.key}`,
        kind: "internal",
        durationMs: event.durationMs,
        attributes: { "assay.step": event.key, "assay.seq": event.seq },
      };
    case "candidates-tried":
      return {
        name: `attempt ${event.proposer}`,
        kind: "internal",
        durationMs: event.durationMs,
        attributes: {
          "assay.proposer": event.proposer,
          "assay.candidates.tried": event.tried,
          "assay.candidates.plausible": event.plausible,
        },
      };
    case "model-asked":
      return {
        name: modelSpanName(event),
        kind: "client",
        durationMs: event.wallMs,
        failed: event.end === "failed",
        attributes: { "assay.proposer": event.proposer, ...modelAttributes(event) },
      };
    case "agent-asked":
      return {
        name: agentSpanName(event),
        kind: "client",
        durationMs: event.wallMs,
        attributes: agentAttributes(event),
      };
    case "evidence-recorded":
      return {
        name: `execution ${event.evidence.purpose}`,
        kind: "internal",
        durationMs: event.evidence.durationMs,
        attributes: {
          "assay.evidence": event.evidence.digest,
          "assay.purpose": event.evidence.purpose,
          "assay.tests.collected": event.evidence.counts.collected,
          "assay.tests.passed": event.evidence.counts.passed,
          "assay.tests.failed": event.evidence.counts.failed,
          ...(event.candidate === undefined ? {} : { "assay.candidate": event.candidate }),
        },
      };
    default:
      return undefined;
  }
}
