import { z } from "zod";

const text = z.string().transform((value) => value.slice(0, 2000).toWellFormed());

/** What the examiner saw; `gone`: the candidate ended before the tests did, and the zygote knows how. */
const examinedSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("passed") }),
  z.object({ kind: z.literal("failed"), type: text, message: text }),
  z.object({ kind: z.literal("invalid"), type: text, message: text }),
  z.object({ kind: z.literal("flood"), message: text }),
  z.object({ kind: z.literal("crashed"), message: text }),
  z.object({ kind: z.literal("gone") }),
  z.object({ kind: z.literal("no-calls") }),
  z.object({ kind: z.literal("unsupported"), message: text }),
]);
export type Examined = z.infer<typeof examinedSchema>;

const examinerLineSchema = z.object({
  id: z.int(),
  by: z.literal("examiner"),
  secret: z.string(),
  outcome: examinedSchema,
  calls: z.int().min(0),
});

/** Exit codes as Python tells them: negative for a signal. */
const zygoteLineSchema = z.object({
  id: z.int(),
  by: z.literal("zygote"),
  candidate: z.int(),
  examiner: z.int(),
  timedOut: z.boolean(),
  /** All processes of the candidate together; one alone gets a MemoryError. */
  outOfMemory: z.boolean(),
  cpuMs: z.number().min(0),
  wallMs: z.number().min(0),
});
export type ZygoteLine = z.infer<typeof zygoteLineSchema>;

export const lineSchema = z.union([
  z.object({ ready: z.literal(true) }),
  examinerLineSchema,
  zygoteLineSchema,
  z.object({ id: z.int(), by: z.literal("zygote"), fault: text }),
]);

/** Everything a zygote said of one check. */
export type ToldByZygote = ZygoteLine & { examined: Examined | undefined; calls: number };
