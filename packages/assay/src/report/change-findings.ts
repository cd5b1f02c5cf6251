import type { RunEvent } from "@assay/sdk";
import type { SarifFinding } from "./sarif/sarif-finding.ts";

/** What a judgement found, each at its place in the head: for SARIF, and for whoever shows findings beside code. */
export function changeFindings(events: readonly RunEvent[]): SarifFinding[] {
  const examined = events.findLast((event) => event.type === "change-examined")?.expectation;
  const verdict = events.findLast((event) => event.type === "verdict-reached")?.verdict;
  const findings: SarifFinding[] = [];
  for (const { code, detail, subjects } of verdict?.kind === "accepted" ? [] : (verdict?.reasons ?? [])) {
    const severity = verdict?.kind === "rejected" ? "error" : "warning";
    const places = subjects.map(placeOf).filter((place) => place !== undefined);
    if (places.length === 0) findings.push({ rule: `judge/${code}`, severity, message: sentence(detail, subjects) });
    // What is about places is told at each of them; test changes and guardrails have findings of their own.
    else if (code !== "tests-changed" && code !== "guardrail") {
      for (const place of places) findings.push({ rule: `judge/${code}`, severity, message: detail, ...place });
    }
  }
  for (const { kind, file, line, what } of examined?.testChanges ?? []) {
    if (kind !== "new-test") findings.push({ rule: `tests/${kind}`, severity: "warning", message: what, file, line });
  }
  for (const { rule, severity, message, file, line, column, snippet } of examined?.guardrails.findings ?? []) {
    findings.push({ rule: `guardrail/${rule}`, severity, message, file, line, column, snippet });
  }
  for (const { file, line, before, after } of examined?.strength?.survivors ?? []) {
    const message = `No test notices when \`${before}\` becomes \`${after}\`.`;
    findings.push({ rule: "tests/survivor", severity: "note", message, file, line });
  }
  return findings;
}

function placeOf(subject: string): { file: string; line: number } | undefined {
  const match = /^(?<file>[^\s:]+\.[\w-]+):(?<line>[1-9]\d{0,8})(?:\s|$)/.exec(subject)?.groups;
  return match?.file === undefined ? undefined : { file: match.file, line: Number(match.line) };
}

function sentence(detail: string, subjects: readonly string[]): string {
  return subjects.length === 0 ? detail : `${detail}: ${subjects.slice(0, 10).join(", ")}`;
}
