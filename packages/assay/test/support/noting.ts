import type { RunEvent, RunEventBody } from "@assay/sdk";
import { type RunId, runId } from "#domain";
import type { Journal } from "#ports";

export const noted = runId("heal-noted0001");

/** Appends a note of each text to a run, in one append; gives the events. */
export async function note(journal: Journal, texts: readonly string[], run: RunId = noted): Promise<RunEvent[]> {
  return appendTo(
    journal,
    texts.map((message) => ({ type: "note", level: "info", message })),
    run,
  );
}

/** Appends to a run behind whatever is there. */
export async function appendTo(
  journal: Journal,
  events: readonly RunEventBody[],
  run: RunId = noted,
): Promise<RunEvent[]> {
  const expectedSeq = (await journal.read(run)).length;
  const appended = await journal.append({ run, expectedSeq, events, idempotencyKey: `at-${expectedSeq}` });
  if (appended.kind !== "appended") throw new Error(`append: ${appended.kind}`);
  return appended.events;
}
