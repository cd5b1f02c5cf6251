import { assertNever } from "#domain";
import { type AuditDraft, blob, type EventOf } from "./audit-draft.ts";

/** Who was asked, why, what they answered, and what they put forward. */
export function auditOfProposing(
  event: EventOf<
    | "proposer-chosen"
    | "agent-asked"
    | "model-asked"
    | "candidates-tried"
    | "person-asked"
    | "person-answered"
    | "candidate-proposed"
    | "council-ranked"
  >,
): AuditDraft[] {
  switch (event.type) {
    case "proposer-chosen": {
      const { proposer, instance, router, reasons } = event;
      const subject = instance === undefined ? proposer : `${proposer}:${instance}`;
      return [
        {
          actor: `router:${router}`,
          action: "proposer-chosen",
          subject,
          detail: reasons.join("; "),
          facts: { reasons },
        },
      ];
    }
    case "agent-asked": {
      const { type: _type, seq: _seq, at: _at, runId: _run, ...session } = event;
      const { agent, end, egress, left } = session;
      const detail = `${end}; ${egress.requests} requests let out, ${egress.refused} refused; ${left.length} paths not taken`;
      return [{ actor: `agent:${agent}`, action: "worked", subject: "copy of the project", detail, facts: session }];
    }
    case "model-asked": {
      const { type: _type, seq: _seq, at: _at, runId: _run, promptDigest, answerDigest, ...call } = event;
      const money = `${call.costMicroUsd / 1e6} US dollars${call.estimated ? " at most" : ""}`;
      return [
        {
          actor: `model:${call.model}`,
          action: call.fault === undefined ? "answered" : "failed",
          subject: call.prompt,
          detail: `${call.outcome}; ${call.inputTokens} tokens in, ${call.outputTokens} out, ${money}`,
          facts: call,
          digests: [...blob("prompt", promptDigest), ...blob("answer", answerDigest)],
        },
      ];
    }
    case "candidates-tried": {
      const { proposer, tried, plausible, durationMs } = event;
      const detail = `${tried} candidates tried, ${plausible} plausible`;
      return [
        { actor: proposer, action: "proposed", subject: "candidates", detail, facts: { tried, plausible, durationMs } },
      ];
    }
    case "person-asked": {
      const { signal, question, inbox, outbox } = event;
      const facts = {
        question,
        ...(inbox === undefined ? {} : { inbox }),
        ...(outbox === undefined ? {} : { outbox }),
      };
      return [
        {
          actor: "assay",
          action: "person-asked",
          subject: signal,
          detail: `for ${question === "approval" ? "an approval" : "a proposal"}`,
          facts,
        },
      ];
    }
    case "person-answered": {
      const { signal, kind, by, via, questionDigest, answerDigest } = event;
      return [
        {
          actor: `person:${by}`,
          action: "answered",
          subject: signal,
          detail: `${kind}, by ${via}`,
          facts: { kind, by, via },
          digests: [...blob("question", questionDigest), ...blob("answer", answerDigest)],
        },
      ];
    }
    case "candidate-proposed": {
      const { candidate, patch, provenance } = event;
      const { proposer, method, summary } = provenance;
      return [
        {
          actor: `${proposer === "human" ? "person" : proposer}:${method}`,
          action: "patch-proposed",
          subject: candidate,
          detail: summary,
          facts: { provenance },
          digests: blob("patch", patch),
        },
      ];
    }
    case "council-ranked":
      return ofCouncil(event);
    default:
      return assertNever(event);
  }
}

function ofCouncil({ ballots, ranking, reasons, method, agreement }: EventOf<"council-ranked">): AuditDraft[] {
  const votes = ballots.map(({ judge, order, reversed, abstained }): AuditDraft => {
    const facts = {
      ...(order === undefined ? {} : { order }),
      ...(reversed === undefined ? {} : { reversed }),
      ...(abstained === undefined ? {} : { abstained }),
    };
    const detail = abstained === undefined ? (order ?? []).join(" > ") : abstained;
    return {
      actor: `judge:${judge}`,
      action: abstained === undefined ? "voted" : "abstained",
      subject: "council",
      detail,
      facts,
    };
  });
  const facts = { method, ranking, ...(agreement === undefined ? {} : { agreement }) };
  const subject = ranking[0]?.candidate ?? "nobody";
  return [...votes, { actor: "council", action: "ranked", subject, detail: reasons.join("; "), facts }];
}
