import { assertNever } from "#domain";
import { type AuditDraft, blob, type EventOf } from "./audit-draft.ts";

/** Who was given which part of a run, and what was other than expected. */
export function auditOfTasks(
  event: EventOf<
    | "plan-made"
    | "task-queued"
    | "task-claimed"
    | "task-released"
    | "task-finished"
    | "violation-found"
    | "violation-explored"
    | "run-forked"
    | "child-started"
  >,
): AuditDraft[] {
  switch (event.type) {
    case "plan-made": {
      const detail = `${event.plan.tasks.length} tasks, revision ${event.revision}: ${event.reason}`;
      return [{ actor: "engine", action: "plan-made", subject: "plan", detail }];
    }
    case "task-queued": {
      const { task, kind, role, input } = event;
      const detail = `${kind} for a worker of role ${role}`;
      return [{ actor: "engine", action: "task-queued", subject: task, detail, digests: blob("input", input) }];
    }
    case "task-claimed": {
      const { task, worker, attempt, seq } = event;
      const detail = `attempt ${attempt}, token ${seq}`;
      return [{ actor: `worker:${worker}`, action: "task-claimed", subject: task, detail }];
    }
    case "task-released": {
      const { task, token, reason, detail } = event;
      return [
        { actor: "engine", action: "task-released", subject: task, detail: `token ${token}, ${reason}: ${detail}` },
      ];
    }
    case "task-finished": {
      const { task, outcome, worker, output, statement, detail } = event;
      const digests = [...blob("output", output), ...blob("statement", statement)];
      const actor = worker === undefined ? "engine" : `worker:${worker}`;
      return [{ actor, action: `task-${outcome}`, subject: task, detail, digests }];
    }
    case "violation-found": {
      const { kind, step, expected, observed, evidence } = event;
      const detail = `expected: ${expected}; observed: ${observed}`;
      const digests = evidence.flatMap((digest) => blob("evidence", digest));
      return [{ actor: "assay", action: `violation-${kind}`, subject: step, detail, digests }];
    }
    case "violation-explored": {
      const { violation, kind, conclusion, finding, evidence } = event;
      const digests = evidence.flatMap((digest) => blob("evidence", digest));
      return [
        {
          actor: "assay",
          action: `explored-${kind}`,
          subject: violation,
          detail: `${conclusion}: ${finding}`,
          digests,
        },
      ];
    }
    case "run-forked": {
      const detail = event.input === undefined ? "with its own input" : "with another input";
      return [
        { actor: "user", action: "run-forked", subject: event.from, detail: `from step ${event.step}, ${detail}` },
      ];
    }
    case "child-started":
      return [{ actor: "engine", action: "child-started", subject: event.child, detail: event.key }];
    default:
      return assertNever(event);
  }
}
