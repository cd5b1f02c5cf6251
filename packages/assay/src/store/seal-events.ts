import { type RunEvent, runEventSchema } from "@assay/sdk";
import type { AppendRequest } from "#ports";

/** Of one event's JSON; larger results are spilled to blobs by the engine before they come here. */
export const eventBytesMax = 32 * 1024 * 1024;
/** Of one append. */
export const eventsPerAppendMax = 1000;

/**
 * Gives events their place and time, in the shape they have when they are read: through JSON and the schema.
 * Throws a `RangeError` or a `ZodError` for what can never be appended: that is the caller's defect.
 */
export function sealEvents(request: AppendRequest, at: number): RunEvent[] {
  const { events, run, expectedSeq, idempotencyKey } = request;
  if (events.length === 0 || events.length > eventsPerAppendMax) {
    throw new RangeError(`an append holds 1 to ${eventsPerAppendMax} events, not ${events.length}`);
  }
  if (idempotencyKey === "" || idempotencyKey.length > 1024)
    throw new RangeError("an idempotency key has 1 to 1024 characters");
  return events.map((body, index) => {
    const json = JSON.stringify({ ...body, seq: expectedSeq + 1 + index, runId: run, at });
    if (json.length > eventBytesMax)
      throw new RangeError(`an event of ${json.length} characters is over ${eventBytesMax}`);
    return runEventSchema.parse(JSON.parse(json));
  });
}
