import { z } from "zod";

/** A SHA-256 content address: `sha256:` and 64 lower-case hex digits. */
export const digestSchema = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .brand<"Digest">();
export type Digest = z.infer<typeof digestSchema>;
