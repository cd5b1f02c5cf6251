import type { GuardrailFinding, GuardrailPolicy, Reason } from "@assay/sdk";
import { onAddedLines, scanGuardrails } from "#oracle";
import type { Vet } from "../shared/repair/vet.ts";

const subjectsMax = 100;
const findingsMax = 1000;

/**
 * What a solution may not be, whatever its tests say: a change of anything but its one file, or code that a guardrail flags where
 * the policy is to block. Findings are told in any case, unless the policy is not to look.
 */
export function vetSolution(solution: string, policy: GuardrailPolicy): Vet {
  return async ({ changed, diff, read }) => {
    const others = changed.filter((path) => path !== solution);
    if (others.length > 0) {
      const detail = `only ${solution} is to be written, and the change writes others too`;
      return { findings: [], refusal: { code: "out-of-scope", detail, subjects: others.slice(0, subjectsMax) } };
    }
    const content = await read(solution);
    if (content === undefined) {
      return {
        findings: [],
        refusal: { code: "out-of-scope", detail: `${solution} is deleted`, subjects: [solution] },
      };
    }
    if (policy === "off") return { findings: [] };
    const findings = onAddedLines(scanGuardrails([{ path: solution, content }]), diff).slice(0, findingsMax);
    return policy === "block" && findings.length > 0 ? { findings, refusal: refusal(findings) } : { findings };
  };
}

/** Told whole to whoever tries next. */
function refusal(findings: readonly GuardrailFinding[]): Reason {
  const said = findings.slice(0, 10).map(({ file, line, message, rule }) => `${file}:${line} ${message} (${rule})`);
  const more = findings.length > said.length ? `; and ${findings.length - said.length} more` : "";
  return {
    code: "guardrail",
    detail: `guardrails flag ${said.join("; ")}${more}`,
    subjects: [...new Set(findings.map(({ file }) => file))],
  };
}
