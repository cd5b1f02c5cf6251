import type { Digest, Observation } from "@assay/sdk";
import { assertNever, isRed } from "#domain";
import { type AuditDraft, blob, type EventOf } from "./audit-draft.ts";

export type Observations = ReadonlyMap<Digest, Observation>;

const testsNamedMax = 100;

/** What was observed, and what was concluded from it. */
export function auditOfJudging(
  event: EventOf<
    | "project-detected"
    | "failures-classified"
    | "flakes-quarantined"
    | "evidence-recorded"
    | "change-examined"
    | "guardrails-scanned"
    | "verdict-reached"
    | "problem-evaluated"
  >,
  observations: Observations,
): AuditDraft[] {
  switch (event.type) {
    case "project-detected": {
      const { language, runner, details } = event;
      return [
        {
          actor: "oracle",
          action: "project-detected",
          subject: runner,
          detail: `${language}, tested by ${runner}`,
          facts: { details },
        },
      ];
    }
    case "failures-classified": {
      const failures = event.failures.map(({ category, tests, environment }) => ({
        category,
        environment,
        tests: tests.slice(0, testsNamedMax),
      }));
      const detail =
        failures.length === 0
          ? "nothing is red"
          : failures.map(({ category, tests }) => `${category} (${tests.length})`).join(", ");
      return [{ actor: "oracle", action: "failures-classified", subject: "base", detail, facts: { failures } }];
    }
    case "flakes-quarantined": {
      const { tests, evidence } = event;
      const digests = evidence.flatMap((digest) => blob("observation", digest));
      return [
        {
          actor: "oracle",
          action: "flakes-quarantined",
          subject: "base",
          detail: tests.join(", "),
          facts: { tests },
          digests,
        },
      ];
    }
    case "evidence-recorded":
      return [ofEvidence(event, observations.get(event.evidence.digest))];
    case "change-examined": {
      const { change, base, patch, size, testChanges } = event.expectation;
      const detail = `taken for a ${change}: ${size.files} files, ${size.added} lines added, ${size.removed} removed`;
      return [
        {
          actor: "judge",
          action: "change-examined",
          subject: patch,
          detail,
          facts: { change, base, size, testChanges: testChanges.length },
        },
      ];
    }
    case "guardrails-scanned": {
      const findings = event.findings.map(({ rule, severity, file, line }) => ({ rule, severity, file, line }));
      return [
        {
          actor: "guardrails",
          action: "scanned",
          subject: "change",
          detail: `${findings.length} findings`,
          facts: { findings },
        },
      ];
    }
    case "verdict-reached": {
      const { candidate, verdict } = event;
      const { kind, reasons, level, evidence } = verdict;
      return [
        {
          actor: "judge",
          action: `verdict-${kind}`,
          subject: candidate,
          detail: `${reasons.map(({ detail }) => detail).join("; ")} (level ${level})`,
          facts: { kind, level, reasons },
          digests: evidence.flatMap((digest) => blob("observation", digest)),
        },
      ];
    }
    case "problem-evaluated": {
      const { task, sample, outcome, level, costMicroUsd } = event;
      const subject = `${task}#${sample}`;
      return [
        {
          actor: "oracle",
          action: "problem-evaluated",
          subject,
          detail: `${outcome} (level ${level})`,
          facts: { outcome, level, costMicroUsd },
        },
      ];
    }
    default:
      return assertNever(event);
  }
}

function ofEvidence({ candidate, evidence }: EventOf<"evidence-recorded">, seen: Observation | undefined): AuditDraft {
  const { purpose, counts, controls, uncontrolled, digest } = evidence;
  const red = seen?.report.results.filter(({ outcome }) => isRed(outcome)).map(({ id }) => id) ?? [];
  const checked = controls === undefined ? "" : `; ${controls.failed} of ${controls.ran} controls failed as they must`;
  return {
    actor: "oracle",
    action: "observed",
    subject: candidate ?? "base",
    detail: `${purpose}: ${counts.passed} of ${counts.collected} passed, ${counts.failed} failed, ${counts.skipped} skipped${checked}`,
    facts: {
      purpose,
      counts,
      ...(controls === undefined ? {} : { controls }),
      ...(uncontrolled === undefined ? {} : { uncontrolled }),
      ...(seen === undefined ? {} : { level: seen.level, isolation: seen.isolation, red: red.slice(0, testsNamedMax) }),
    },
    digests: [...blob("observation", digest), ...blob("stdout", seen?.stdout), ...blob("stderr", seen?.stderr)],
  };
}
