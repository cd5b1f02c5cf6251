import { type Digest, digestSchema, workStatementPayloadType } from "@assay/sdk";
import { raise } from "#domain";
import { type Blobs, canonicalJson, type RegisteredWorker, type TaskResult, workerKey } from "#ports";
import { keyIdOf, readWorkStatement } from "#receipt";
import type { ClaimName } from "./claim-ref.ts";

export type Report = {
  outcome: "done" | "failed";
  output: string;
  detail: string;
  statement: Uint8Array;
  signature: Uint8Array;
};

/**
 * What a worker reports as a result, with its statement kept as an envelope. Throws `receipt-invalid` for a statement that cannot be
 * read or that the worker did not sign, `usage` for one that says something else than the report, `not-found` for an output that was
 * not put.
 */
export async function acceptReport(
  report: Report,
  claim: ClaimName,
  worker: RegisteredWorker,
  blobs: Blobs,
): Promise<TaskResult> {
  const output = await keptOutput(report, blobs);
  const { outcome, detail, statement, signature } = report;
  const said = { ...claim, worker: worker.id, outcome, ...(output === undefined ? {} : { output }) };
  const envelope = canonicalJson({
    payload: Buffer.from(statement).toString("base64"),
    payloadType: workStatementPayloadType,
    signatures: [{ keyid: keyIdOf(workerKey(worker.publicKey)), sig: Buffer.from(signature).toString("base64") }],
  });
  const signed = readWorkStatement(Buffer.from(envelope), worker.publicKey);
  if (canonicalJson(signed) !== canonicalJson(said)) {
    raise("usage", "the signed statement says something else than the report", "sign exactly what is reported");
  }
  const kept = await blobs.put(envelope);
  return { outcome, detail, statement: kept, ...(output === undefined ? {} : { output }) };
}

async function keptOutput({ outcome, output }: Report, blobs: Blobs): Promise<Digest | undefined> {
  if (output === "") {
    if (outcome === "failed") return undefined;
    return raise("usage", "what is done has an output", "put it and report its digest");
  }
  const digest = digestSchema.safeParse(output);
  if (!digest.success) return raise("usage", "the output is no digest", "report the digest that PutBlob answered");
  if ((await blobs.get(digest.data)) !== undefined) return digest.data;
  return raise("not-found", `the output ${digest.data} was not put`, "put it before it is reported");
}
