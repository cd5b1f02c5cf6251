import type { GuardrailFinding } from "@assay/sdk";
import type { Run } from "#engine";
import { onAddedLines, type SourceFile, scanGuardrails } from "#oracle";
import type { Subject } from "./subject.ts";
import { textOf } from "./test-changes.ts";

const findingsMax = 1000;

/** What rules flag on the lines that the change adds to the source. Tests may well start processes. */
export async function scanChange(run: Run, subject: Subject): Promise<GuardrailFinding[]> {
  const { goal, head, difference, oraclePaths } = subject;
  if (goal.guardrails === "off") return [];
  const findings = await run.step("guardrails", { head: head.snapshot.digest }, async () => {
    const files: SourceFile[] = [];
    for (const { path, kind } of difference.changed) {
      if (kind === "deleted" || oraclePaths.has(path)) continue;
      const content = await textOf(head.snapshot, path);
      if (content !== undefined) files.push({ path, content });
    }
    return onAddedLines(scanGuardrails(files), difference.diff).slice(0, findingsMax);
  });
  if (findings.length > 0) await run.emit({ type: "guardrails-scanned", findings });
  return findings;
}
