import { z } from "zod";

/**
 * How one sandboxed command ended: one tag, the first cause wins.
 * `limited` is a limit other than the wall clock; `sandbox-fault` means the command never ran as asked.
 */
export const terminationSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("exited"), code: z.int() }),
  z.object({ kind: z.literal("signalled"), signal: z.string() }),
  z.object({ kind: z.literal("timed-out"), wallMsMax: z.number() }),
  z.object({ kind: z.literal("limited"), by: z.enum(["memory", "processes", "cpu", "output", "disk"]) }),
  z.object({ kind: z.literal("cancelled") }),
  z.object({ kind: z.literal("sandbox-fault"), message: z.string() }),
]);
export type Termination = z.infer<typeof terminationSchema>;
