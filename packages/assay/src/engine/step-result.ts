import { digestSchema, type Fault, faultSchema } from "@assay/sdk";
import { z } from "zod";
import { FaultError, raise } from "#domain";
import type { Blobs } from "#ports";

/** Longer JSON is kept as a blob and referred to. */
const inlineBytesMax = 8 * 1024 * 1024;
const resultBytesMax = 256 * 1024 * 1024;

/** What `step-finished` holds as its `result`. `value` is left out where the step returned nothing. */
const recordedResultSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("value"), value: z.unknown().optional() }),
  z.object({ kind: z.literal("blob"), digest: digestSchema, bytes: z.int() }),
  z.object({ kind: z.literal("fault"), fault: faultSchema }),
]);
export type RecordedResult = z.infer<typeof recordedResultSchema>;

/** Turns what a step returned into what is recorded. Throws for what JSON cannot hold. */
export async function recordValue(value: unknown, blobs: Blobs): Promise<RecordedResult> {
  if (value === undefined) return { kind: "value" };
  const json = JSON.stringify(value);
  if (json === undefined) throw new TypeError("a step's result has no JSON form");
  const bytes = Buffer.byteLength(json);
  if (bytes > resultBytesMax) throw new RangeError(`a step's result of ${bytes} bytes is over ${resultBytesMax}`);
  if (bytes > inlineBytesMax) return { kind: "blob", digest: await blobs.put(json), bytes };
  return { kind: "value", value: JSON.parse(json) };
}

export function recordFault(fault: Fault): RecordedResult {
  return { kind: "fault", fault };
}

/** The value that was recorded, as the step's caller gets it; throws the fault that was. */
export async function readRecorded(recorded: unknown, blobs: Blobs, key: string): Promise<unknown> {
  const parsed = recordedResultSchema.safeParse(recorded);
  if (!parsed.success) raise("journal-corrupt", `the result of step ${key} cannot be read`, "start a new run");
  const result = parsed.data;
  switch (result.kind) {
    case "value":
      // A copy: what a workflow does to its value must not change what a later replay in this process reads.
      return structuredClone(result.value);
    case "fault":
      throw new FaultError(result.fault);
    case "blob": {
      const bytes = await blobs.get(result.digest);
      if (bytes === undefined) {
        raise("journal-corrupt", `the result of step ${key} is missing: blob ${result.digest}`, "start a new run");
      }
      return JSON.parse(Buffer.from(bytes).toString("utf8"));
    }
  }
}
