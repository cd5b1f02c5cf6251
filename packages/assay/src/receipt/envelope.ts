import { type KeyObject, verify } from "node:crypto";
import { inTotoPayloadType, type ReceiptEnvelope, type ReceiptStatement } from "@assay/sdk";
import { canonicalJson, crashPoint } from "#ports";
import type { Signer } from "./signer.ts";

/** Of any payload type: what was signed names it. */
export type Envelope = Omit<ReceiptEnvelope, "payloadType"> & { payloadType: string };

/** DSSE's pre-authentication encoding: what is signed. https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, "utf8");
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/** Signs a statement: the payload is its canonical JSON, so the same statement and key give the same envelope. */
export function signStatement(statement: ReceiptStatement, signer: Signer): ReceiptEnvelope {
  const payload = Buffer.from(canonicalJson(statement), "utf8");
  const signature = signer.sign(preAuthEncoding(inTotoPayloadType, payload));
  crashPoint("receipt-signed");
  return {
    payload: payload.toString("base64"),
    payloadType: inTotoPayloadType,
    signatures: [{ keyid: signer.keyid, sig: Buffer.from(signature).toString("base64") }],
  };
}

/** The exact bytes that were signed for; `undefined` when the base64 is not the one spelling of its bytes. */
export function payloadOf(envelope: Envelope): Uint8Array | undefined {
  return decodeExactly(envelope.payload);
}

/** Whether the envelope's signature is this key's over its payload. */
export function isSignedBy(envelope: Envelope, publicKey: KeyObject): boolean {
  const payload = payloadOf(envelope);
  const signature = decodeExactly(envelope.signatures[0]?.sig ?? "");
  if (payload === undefined || signature === undefined) return false;
  return verify(null, preAuthEncoding(envelope.payloadType, payload), publicKey, signature);
}

function decodeExactly(base64: string): Uint8Array | undefined {
  const bytes = Buffer.from(base64, "base64");
  return bytes.toString("base64") === base64 ? bytes : undefined;
}
