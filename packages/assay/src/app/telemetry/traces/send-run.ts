import type { RunEvent } from "@assay/sdk";
import { RunTrace } from "./run-trace.ts";
import { openSpanExport, queuedSpansMax } from "./span-export.ts";

/** How long a command waits at its end for a collector that does not answer. */
const flushMsMax = 1_500;

/**
 * Sends the spans of a run that this process has just executed, where a collector is named: of what happened since the run was claimed
 * last, for what was before was sent by whoever executed it then. Never throws.
 */
export async function sendRun(
  events: readonly RunEvent[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const [first] = events;
  const spans = openSpanExport(env);
  if (spans === undefined || first?.runId === undefined) return;
  const claimed = events.findLast(({ type }) => type === "lease-claimed")?.seq ?? 0;
  const trace = new RunTrace(first.runId);
  const ended = events.flatMap((event) => {
    const drafts = trace.add(event);
    return event.seq > claimed ? drafts : [];
  });
  // No more at once than may wait: the span of the run itself comes last, and is the one that must not be dropped.
  const deadline = performance.now() + flushMsMax;
  for (let from = 0; from < ended.length; from += queuedSpansMax) {
    spans.add(ended.slice(from, from + queuedSpansMax));
    await spans.flush(Math.max(0, deadline - performance.now()));
  }
}
