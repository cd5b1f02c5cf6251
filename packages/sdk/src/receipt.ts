import { z } from "zod";
import { changeExpectationSchema } from "./change.ts";
import { digestSchema } from "./digest.ts";
import { evidencePurposeSchema } from "./evidence.ts";
import { expectationSchema } from "./expectation.ts";
import { isolationSchema, verdictLevelSchema } from "./isolation.ts";
import { provenanceSchema } from "./patch.ts";
import { runnerNameSchema } from "./test-report.ts";
import { verdictSchema } from "./verdict.ts";

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const statementType = "https://in-toto.io/Statement/v1";
/** https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
export const testResultPredicateType = "https://in-toto.io/attestation/test-result/v0.1";
/** The DSSE payload type of an in-toto statement in JSON. */
export const inTotoPayloadType = "application/vnd.in-toto+json";

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

const resourceSchema = z.strictObject({
  name: z.string(),
  digest: z.strictObject({ sha256: hex64 }).or(z.strictObject({ gitCommit: z.string().regex(/^[0-9a-f]{40,64}$/) })),
});

export const receiptEnvironmentSchema = z.strictObject({
  language: z.string(),
  /** E.g. `CPython 3.11.2`, `Node.js 24.21.0`. */
  interpreter: z.string(),
  runner: runnerNameSchema,
  runnerVersion: z.string().optional(),
  /** `process.platform` and kernel release of the machine, e.g. `linux 6.1.0`. */
  os: z.string(),
  arch: z.string(),
});
export type ReceiptEnvironment = z.infer<typeof receiptEnvironmentSchema>;

/** One observation by digest, with the digests of the output it refers to. */
export const receiptEvidenceSchema = z.strictObject({
  digest: digestSchema,
  purpose: evidencePurposeSchema,
  stdout: digestSchema,
  stderr: digestSchema,
  /** The worker that executed it, signed for it and was trusted to: an id made of its key. Absent: the daemon executed it itself. */
  worker: z.string().max(200).optional(),
});
export type ReceiptEvidence = z.infer<typeof receiptEvidenceSchema>;

/**
 * What Assay adds to the test-result predicate, under its key `assay`; other consumers ignore it, as in-toto asks them to.
 * Everything in it that can be derived from the evidence is derived again when the receipt is verified.
 */
export const receiptClaimsSchema = z.strictObject({
  schemaVersion: z.literal(1),
  assayVersion: z.string(),
  runId: z.string(),
  /** When the verdict was signed, RFC 3339 in UTC; the signer's clock, not a trusted time stamp. */
  issuedAt: z.iso.datetime(),
  base: z.strictObject({
    snapshot: digestSchema,
    /** The commit checked out when the run began; `dirty`: the tree differed from it. */
    gitCommit: z
      .string()
      .regex(/^[0-9a-f]{40,64}$/)
      .optional(),
    dirty: z.boolean().optional(),
  }),
  patch: z.strictObject({ digest: digestSchema, provenance: provenanceSchema }),
  /** Snapshot digest of the project with the patch applied. */
  patchedTree: digestSchema.optional(),
  oracle: digestSchema,
  environment: receiptEnvironmentSchema,
  /** The weakest among the observations that the verdict rests on. */
  isolation: isolationSchema,
  level: verdictLevelSchema,
  /** Of a candidate that heals, or of a change under judgement. */
  expectation: z.discriminatedUnion("kind", [expectationSchema, changeExpectationSchema]),
  verdict: verdictSchema,
  /** Sorted by purpose, then digest. */
  evidence: z.array(receiptEvidenceSchema).min(1).max(1000),
});
export type ReceiptClaims = z.infer<typeof receiptClaimsSchema>;

/** An in-toto Statement v1 with a test-result predicate. Subjects: the patch, and the patched tree where it is known. */
export const receiptStatementSchema = z.strictObject({
  _type: z.literal(statementType),
  subject: z.array(resourceSchema).min(1).max(2),
  predicateType: z.literal(testResultPredicateType),
  predicate: z.strictObject({
    /** `PASSED` for an accepted change and nothing else. */
    result: z.enum(["PASSED", "FAILED"]),
    configuration: z.array(resourceSchema),
    /** Ids that passed in every observation the verdict rests on; sorted. */
    passedTests: z.array(z.string()),
    /** Ids that failed, errored or timed out in any of them; sorted. */
    failedTests: z.array(z.string()),
    assay: receiptClaimsSchema,
  }),
});
export type ReceiptStatement = z.infer<typeof receiptStatementSchema>;

const base64 = z.string().regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);

/** A DSSE envelope with one Ed25519 signature. https://github.com/secure-systems-lab/dsse/blob/master/envelope.md */
export const receiptEnvelopeSchema = z.strictObject({
  payload: base64,
  payloadType: z.literal(inTotoPayloadType),
  signatures: z
    .array(
      z.strictObject({
        /** SHA-256 of the public key's SPKI DER, in hex. */
        keyid: hex64,
        sig: base64,
      }),
    )
    .length(1),
});
export type ReceiptEnvelope = z.infer<typeof receiptEnvelopeSchema>;
