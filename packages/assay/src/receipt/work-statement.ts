import {
  type WorkEnvelope,
  type WorkStatement,
  workEnvelopeSchema,
  workStatementPayloadType,
  workStatementSchema,
} from "@assay/sdk";
import { raise } from "#domain";
import { canonicalJson } from "#ports";
import { isSignedBy, payloadOf, preAuthEncoding } from "./envelope.ts";
import { keyIdOf, type Signer } from "./signer.ts";
import { parsePublicKey } from "./trusted-keys.ts";

/** Signs what a worker says of a result: the same statement and key give the same envelope. */
export function signWorkStatement(statement: WorkStatement, signer: Signer): WorkEnvelope {
  const payload = Buffer.from(canonicalJson(workStatementSchema.parse(statement)), "utf8");
  const sig = Buffer.from(signer.sign(preAuthEncoding(workStatementPayloadType, payload))).toString("base64");
  return {
    payload: payload.toString("base64"),
    payloadType: workStatementPayloadType,
    signatures: [{ keyid: signer.keyid, sig }],
  };
}

const envelopeBytesMax = 16 * 1024;

/**
 * What this key's owner signed. Throws a `FaultError` of code `receipt-invalid` for anything that is not exactly a signed statement
 * in canonical JSON, and `key-invalid` for a key that is none.
 */
export function readWorkStatement(bytes: Uint8Array, publicKeyPem: string): WorkStatement {
  const key = parsePublicKey(publicKeyPem, "the worker's registration");
  const envelope = workEnvelopeSchema.safeParse(jsonOf(bytes, envelopeBytesMax));
  if (!envelope.success) raise("receipt-invalid", "the worker's statement is no signed envelope", remedy);
  const payload = payloadOf(envelope.data);
  if (payload === undefined || envelope.data.signatures[0]?.keyid !== keyIdOf(key) || !isSignedBy(envelope.data, key)) {
    raise("receipt-invalid", "the worker's statement is not signed with the key that it registered", remedy);
  }
  const statement = workStatementSchema.safeParse(jsonOf(payload, envelopeBytesMax));
  if (!statement.success || canonicalJson(statement.data) !== new TextDecoder().decode(payload)) {
    raise(
      "receipt-invalid",
      "the worker's statement is not canonical JSON of run, task, token, worker, outcome, output",
      remedy,
    );
  }
  return statement.data;
}

const remedy = "sign as docs/adr/0021-work-for-workers.md says";

function jsonOf(bytes: Uint8Array, bytesMax: number): unknown {
  if (bytes.length > bytesMax) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // What is no JSON is no statement: the schema says so.
    return undefined;
  }
}
