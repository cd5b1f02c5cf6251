import { z } from "zod";
import { digestSchema } from "./digest.ts";

export const workStatementPayloadType = "application/vnd.assay.work-statement+json";

/** What a worker signs of a result: that it, and nobody else, brought this output for this claim. */
export const workStatementSchema = z.strictObject({
  run: z.string().min(1).max(200),
  task: z.string().min(1).max(500),
  /** The fencing token of the claim. */
  token: z.int().min(1),
  /** The worker's id. */
  worker: z.string().min(1).max(200),
  outcome: z.enum(["done", "failed"]),
  /** Of the output document; absent where there is none. */
  output: digestSchema.optional(),
});
export type WorkStatement = z.infer<typeof workStatementSchema>;

const base64 = z.string().regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);

/**
 * A DSSE envelope with one Ed25519 signature: over `DSSEv1 LENGTH TYPE LENGTH PAYLOAD`, the payload being the statement's canonical
 * JSON (keys sorted, no white space). https://github.com/secure-systems-lab/dsse/blob/master/envelope.md
 */
export const workEnvelopeSchema = z.strictObject({
  payload: base64.max(8_000),
  payloadType: z.literal(workStatementPayloadType),
  signatures: z
    .array(
      z.strictObject({
        /** SHA-256 of the public key's SPKI DER, in hex. */
        keyid: z.string().regex(/^[0-9a-f]{64}$/),
        sig: base64.max(100),
      }),
    )
    .length(1),
});
export type WorkEnvelope = z.infer<typeof workEnvelopeSchema>;
