import { approvalSchema } from "@assay/sdk";
import { assertNever } from "#domain";
import { type AuditDraft, blob, type EventOf } from "./audit-draft.ts";

const valueCharactersMax = 1_000;

/** What happened to the run itself: who began, held, paused and ended it, what it cost, what people decided. */
export function auditOfRun(
  event: EventOf<
    | "run-started"
    | "lease-claimed"
    | "step-finished"
    | "budget-reserved"
    | "budget-settled"
    | "signal-received"
    | "breaker-changed"
    | "run-paused"
    | "run-cancelled"
    | "artifact-written"
    | "note"
    | "result"
  >,
): AuditDraft[] {
  switch (event.type) {
    case "run-started": {
      const { workflow, workflowVersion, assayVersion, goal, budget } = event;
      const detail = `${workflow} version ${workflowVersion}, assay ${assayVersion}, in ${goal.root}`;
      const facts = { workflow, workflowVersion, assayVersion, goal, ...(budget === undefined ? {} : { budget }) };
      return [
        {
          actor: "user",
          action: "run-started",
          subject: event.runId ?? workflow,
          detail,
          facts,
          digests: ofGoal(goal),
        },
      ];
    }
    case "lease-claimed": {
      const { owner } = event;
      return [{ actor: "process", action: "run-claimed", subject: "run", detail: owner, facts: { owner } }];
    }
    case "budget-reserved":
    case "step-finished":
      // What was set aside stands in its settlement; where there is none, in what the run spent. Steps are how it was computed, which the journal shows; what was decided on them has events of its own.
      return [];
    case "budget-settled": {
      const { scope, reserved, spent } = event;
      const told = Object.entries(spent)
        .filter(([, amount]) => amount > 0)
        .map(([name, amount]) => `${name} ${Math.round(amount)}`);
      const detail = told.length === 0 ? "spent nothing" : `spent ${told.join(", ")}`;
      return [{ actor: "engine", action: "budget-settled", subject: scope, detail, facts: { reserved, spent } }];
    }
    case "signal-received":
      return [ofSignal(event)];
    case "breaker-changed":
      return [{ actor: "engine", action: `breaker-${event.to}`, subject: event.breaker, detail: event.reason }];
    case "run-paused":
      return [
        {
          actor: "engine",
          action: "run-paused",
          subject: "run",
          detail: event.fault.message,
          facts: { fault: event.fault },
        },
      ];
    case "run-cancelled":
      return [{ actor: `person:${event.by}`, action: "run-cancelled", subject: "run", detail: "ended for good" }];
    case "artifact-written": {
      const { kind, path, digest } = event;
      // A report is a projection: it is written anew whenever somebody looks, and names no decision.
      if (kind === "report") return [];
      // A bundle is a folder; its digest is that of the list of its files.
      const file = kind === "bundle" ? `${path}/SHA256SUMS` : path;
      return [
        {
          actor: "assay",
          action: `${kind}-written`,
          subject: kind,
          detail: path,
          digests: [{ name: kind, digest, path: file }],
        },
      ];
    }
    case "note":
      return [{ actor: "assay", action: "noted", subject: event.level, detail: event.message }];
    case "result":
      return ofResult(event);
    default:
      return assertNever(event);
  }
}

/** A decision about applying a change has its form; of any other signal its value is shown. */
function ofSignal({ name, value }: EventOf<"signal-received">): AuditDraft {
  const { data: approval } = approvalSchema.safeParse(value);
  if (name !== "approval" || approval === undefined) {
    const detail = (JSON.stringify(value) ?? "").slice(0, valueCharactersMax);
    return { actor: "person", action: "signal-sent", subject: name, detail, facts: { value } };
  }
  const { approved, by, hostUser, key, note, patch } = approval;
  const sender = key === undefined ? `as ${hostUser}` : `by key ${key.id} “${key.name}” of tenant ${key.tenant}`;
  return {
    actor: `person:${by}`,
    action: approved ? "approved" : "rejected",
    subject: patch,
    detail: `${sender}${note === undefined ? "" : `: ${note}`}`,
    facts: { approved, by, ...(key === undefined ? { hostUser } : { key }), ...(note === undefined ? {} : { note }) },
    digests: blob("patch", patch),
  };
}

function ofResult({ seq: _seq, at: _at, runId: _run, type: _type, ...result }: EventOf<"result">): AuditDraft[] {
  const { outcome, exitCode, summary, applied, fault, patch } = result;
  const subject = patch?.digest ?? "run";
  const end: AuditDraft = {
    actor: "assay",
    action: "run-ended",
    subject: outcome,
    detail: summary,
    facts: {
      outcome,
      exitCode,
      ...(applied === undefined ? {} : { applied }),
      ...(fault === undefined ? {} : { fault }),
    },
  };
  if (applied === undefined) return [end];
  const detail = applied ? "written to the project's tree" : (fault?.message ?? "nobody asked for that");
  return [
    {
      actor: "assay",
      action: applied ? "patch-applied" : "patch-not-applied",
      subject,
      detail,
      digests: blob("patch", patch?.digest),
    },
    end,
  ];
}

function ofGoal(goal: EventOf<"run-started">["goal"]) {
  return goal.kind === "judge" && goal.change.kind === "patch" ? blob("patch", goal.change.digest) : [];
}
