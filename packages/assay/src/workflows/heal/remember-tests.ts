import type { ClassifiedFailure } from "@assay/sdk";
import type { Run } from "#engine";
import { failedFirst, loadChecklist, saveChecklist, updateChecklist } from "#oracle";
import type { Baseline } from "../shared/repair/baseline.ts";
import type { HealTools } from "./tools.ts";

/**
 * Enters the baseline into the project's checklist, which outlives the run, and returns the red tests with those first that
 * failed last time too: what only now turned red is less telling.
 */
export async function rememberTests(
  run: Run,
  tools: HealTools,
  baseline: Baseline,
  failures: readonly ClassifiedFailure[],
): Promise<string[]> {
  const path = tools.directories.checklist;
  const remembered = await run.step(
    "checklist",
    { evidence: baseline.evidence.map(({ digest }) => digest) },
    async () => {
      const { checklist, note } = await loadChecklist(path);
      const order = failedFirst(checklist, baseline.red);
      await saveChecklist(path, updateChecklist(checklist, baseline.report, failures, run.id));
      return { order, note: note ?? null };
    },
  );
  if (remembered.note !== null) await run.emit({ type: "note", level: "warning", message: remembered.note });
  return remembered.order;
}
