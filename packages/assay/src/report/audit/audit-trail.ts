import type { AuditEntry, RunEvent } from "@assay/sdk";
import type { AuditDraft } from "./audit-draft.ts";
import { auditOfJudging, type Observations } from "./audit-judging.ts";
import { auditOfProposing } from "./audit-proposing.ts";
import { auditOfRun } from "./audit-run.ts";
import { auditOfTasks } from "./audit-tasks.ts";

/**
 * A run's trail of decisions: who did what, when, to what, and on which content. Pure: the journal's order, and nothing that is not in it
 * or in the observations that it names by their digests.
 */
export function auditTrail(events: readonly RunEvent[], observations: Observations): AuditEntry[] {
  return events.flatMap((event) =>
    draftsOf(event, observations).map((draft) => ({
      type: "audit-entry" as const,
      seq: event.seq,
      at: event.at,
      time: new Date(event.at).toISOString(),
      ...draft,
      facts: draft.facts ?? {},
      digests: draft.digests ?? [],
    })),
  );
}

function draftsOf(event: RunEvent, observations: Observations): AuditDraft[] {
  switch (event.type) {
    case "proposer-chosen":
    case "agent-asked":
    case "model-asked":
    case "candidates-tried":
    case "person-asked":
    case "person-answered":
    case "candidate-proposed":
    case "council-ranked":
      return auditOfProposing(event);
    case "project-detected":
    case "failures-classified":
    case "flakes-quarantined":
    case "evidence-recorded":
    case "change-examined":
    case "guardrails-scanned":
    case "verdict-reached":
    case "problem-evaluated":
      return auditOfJudging(event, observations);
    case "plan-made":
    case "task-queued":
    case "task-claimed":
    case "task-released":
    case "task-finished":
    case "violation-found":
    case "violation-explored":
    case "run-forked":
    case "child-started":
      return auditOfTasks(event);
    default:
      return auditOfRun(event);
  }
}
