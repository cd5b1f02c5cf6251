import { join } from "node:path";
import { type Fault, receiptEnvelopeSchema, receiptStatementSchema } from "@assay/sdk";
import { FaultError, fault, judge, judgeChange, raise } from "#domain";
import { parseCanonicalJson } from "./bounded-json.ts";
import { attestedFiles, bundleBytesMax, bundleFiles } from "./bundle-layout.ts";
import { checkBaseline } from "./check-baseline.ts";
import { checkFiles, checkSignature } from "./check-bytes.ts";
import { checkClaims, checkVerdict, parseEvidence } from "./check-evidence.ts";
import { payloadOf } from "./envelope.ts";
import { type FoundReceipt, findReceipt, readBounded } from "./read-bundle.ts";
import type { TrustedKeys } from "./trusted-keys.ts";
import type { ReceiptCheck, ReceiptContent, Rejudge, Verification } from "./verification.ts";

export type VerifyOptions = {
  trusted: TrustedKeys;
  /** Default: `judge` or `judgeChange` of the domain. */
  rejudge?: Rejudge;
  /** Looks whether the receipt is about a project at hand; called only when everything else is in order. */
  repository?: (receipt: Required<ReceiptContent>) => Promise<Omit<ReceiptCheck, "name">[]>;
};

/**
 * Checks a receipt, or the bundle around it, offline: form, signature over the exact bytes, every byte of patch and
 * evidence, the verdict judged again from the evidence, and at last whether the signer is trusted.
 * Whatever is found is told in the result; throws a `FaultError` of code `usage` only when there is nothing at the path.
 */
export async function verifyReceipt(path: string, options: VerifyOptions): Promise<Verification> {
  const checks: ReceiptCheck[] = [];
  let receipt: ReceiptContent | undefined;
  try {
    const found = await findReceipt(path);
    const contents = await readContents(found);
    const opened = openReceipt(contents);
    receipt = { keyid: opened.keyid, statement: opened.statement };
    checks.push({ name: "form", status: "ok", detail: "an in-toto statement in a DSSE envelope" });

    checks.push(checkSignature(opened.envelope, contents, options.trusted));
    checks.push(checkFiles(found, opened.statement, contents));
    if (checks.some(({ status }) => status === "failed")) return conclude(checks, receipt);
    if (found.kind === "bundle") {
      const evidence = parseEvidence(opened.statement, contents);
      receipt = {
        ...receipt,
        evidence,
        patch: contents.get(bundleFiles.patch) ?? raise("receipt-invalid", "no patch"),
      };
      checks.push({ name: "evidence", status: "ok", detail: `${evidence.length} observations` });
      checks.push(checkClaims(opened.statement, evidence));
      if (checks.at(-1)?.status === "ok") {
        checks.push(checkBaseline(opened.statement, evidence));
        checks.push(checkVerdict(opened.statement, evidence, options.rejudge ?? judgeAgain));
      }
    }
    if (options.repository !== undefined && isComplete(receipt) && checks.every(({ status }) => status === "ok")) {
      for (const check of await options.repository(receipt)) checks.push({ name: "repository", ...check });
    }
    checks.push(checkSigner(opened.keyid, options.trusted));
    return conclude(checks, receipt);
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== "receipt-invalid") throw error;
    const name = receipt === undefined ? "form" : "evidence";
    checks.push({ name, status: "failed", detail: error.fault.message });
    return conclude(checks, receipt);
  }
}

const judgeAgain: Rejudge = (expectation, cited) =>
  expectation.kind === "change-shown" ? judgeChange(expectation, cited) : judge(expectation, cited);

/** Everything in a bundle by its relative path; for a lone receipt, that alone. */
async function readContents(found: FoundReceipt): Promise<Map<string, Uint8Array>> {
  if (found.kind === "lone") return new Map([[bundleFiles.receipt, await readBounded(found.path)]]);
  const contents = new Map<string, Uint8Array>();
  for (const file of [bundleFiles.receipt, bundleFiles.publicKey, bundleFiles.sums]) {
    if (found.files.has(file)) contents.set(file, await readBounded(join(found.directory, file)));
  }
  const receipt = contents.get(bundleFiles.receipt);
  if (receipt === undefined) raise("receipt-invalid", `there is no ${bundleFiles.receipt} in ${found.directory}`);
  // Only files that the statement names are read: a bundle stuffed with others costs nothing.
  let bytes = 0;
  for (const file of attestedFiles(openReceipt(contents).statement).keys()) {
    if (!found.files.has(file)) continue;
    const content = await readBounded(join(found.directory, file));
    bytes += content.length;
    if (bytes > bundleBytesMax) raise("receipt-invalid", `the bundle is larger than ${bundleBytesMax} bytes`);
    contents.set(file, content);
  }
  return contents;
}

function openReceipt(contents: ReadonlyMap<string, Uint8Array>) {
  const bytes = contents.get(bundleFiles.receipt) ?? raise("receipt-invalid", "there is no receipt");
  if (bytes.at(-1) !== 0x0a) raise("receipt-invalid", "the receipt does not end with a line feed");
  const envelope = receiptEnvelopeSchema.safeParse(parseCanonicalJson(bytes.subarray(0, -1), "the receipt"));
  const [signature] = envelope.data?.signatures ?? [];
  if (!envelope.success || signature === undefined)
    raise("receipt-invalid", "the receipt is not a DSSE envelope of one signature");
  const payload = payloadOf(envelope.data) ?? raise("receipt-invalid", "the payload is not canonical base64");
  const statement = receiptStatementSchema.safeParse(parseCanonicalJson(payload, "the payload"));
  if (!statement.success) {
    const [issue] = statement.error.issues;
    raise("receipt-invalid", `the payload is not a receipt: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return { envelope: envelope.data, keyid: signature.keyid, statement: statement.data };
}

function checkSigner(keyid: string, trusted: TrustedKeys): ReceiptCheck {
  return trusted.has(keyid)
    ? { name: "signer", status: "ok", detail: "the key is trusted" }
    : { name: "signer", status: "failed", detail: `the key ${keyid} is not among the ${trusted.size} trusted` };
}

function isComplete(receipt: ReceiptContent): receipt is Required<ReceiptContent> {
  return receipt.evidence !== undefined && receipt.patch !== undefined;
}

function conclude(checks: readonly ReceiptCheck[], receipt: ReceiptContent | undefined): Verification {
  const shown = receipt === undefined ? {} : { receipt };
  const failed = (
    value: Fault["code"],
    kind: "invalid" | "mismatch" | "signer-unknown",
    check: ReceiptCheck,
    remedy: string,
  ) => ({ kind, fault: fault(value, check.detail, remedy), ...shown, checks }) as const;
  const refused = checks.filter(({ status }) => status === "failed");
  const unreadable = refused.find(({ name }) => name === "form" || name === "evidence");
  if (unreadable !== undefined || receipt === undefined) {
    const check = unreadable ?? { name: "form", status: "failed", detail: "not a receipt" };
    return failed("receipt-invalid", "invalid", check, "Get the bundle again from where it was made.");
  }
  const mismatch = refused.find(({ name }) => name !== "signer");
  if (mismatch !== undefined) {
    return failed(
      "receipt-mismatch",
      "mismatch",
      mismatch,
      "Do not rely on this receipt; get the bundle again or run it anew.",
    );
  }
  const [signer] = refused;
  if (signer !== undefined) {
    return failed(
      "signer-unknown",
      "signer-unknown",
      signer,
      "If you know whose key it is, give it with --trusted-keys FILE.",
    );
  }
  const unknown = checks.find(({ status }) => status === "unknown");
  if (unknown !== undefined || !isComplete(receipt)) {
    return { kind: "incomplete", message: unknown?.detail ?? "not everything could be checked", receipt, checks };
  }
  return { kind: "verified", receipt, checks };
}
