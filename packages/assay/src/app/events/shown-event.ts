import type { RunEvent } from "@assay/sdk";

/** An event as clients and `--json` see it: a step's recorded value is for replay, not for readers, and is left out. */
export function shownEvent(event: RunEvent): RunEvent {
  if (event.type !== "step-finished") return event;
  const { result: _, ...shown } = event;
  return shown;
}
