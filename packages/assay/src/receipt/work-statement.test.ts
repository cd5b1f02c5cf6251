import { generateKeyPairSync } from "node:crypto";
import type { Digest, WorkStatement } from "@assay/sdk";
import { expect, test } from "vitest";
import { signerFor } from "./signer.ts";
import { readWorkStatement, signWorkStatement } from "./work-statement.ts";

const signer = signerFor(generateKeyPairSync("ed25519").privateKey);
const other = signerFor(generateKeyPairSync("ed25519").privateKey);
const statement: WorkStatement = {
  run: "heal-00000001",
  task: "ask/t",
  token: 7,
  worker: "w1",
  outcome: "done",
  output: `sha256:${"a".repeat(64)}` as Digest,
};
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test("a worker's statement is read back by its key, and is the same each time it is signed", () => {
  const envelope = signWorkStatement(statement, signer);
  expect(signWorkStatement(statement, signer)).toEqual(envelope);
  expect(readWorkStatement(bytesOf(envelope), signer.publicKeyPem)).toEqual(statement);
  expect(new TextDecoder().decode(Buffer.from(envelope.payload, "base64"))).toBe(
    `{"outcome":"done","output":"${statement.output}","run":"heal-00000001","task":"ask/t","token":7,"worker":"w1"}`,
  );
});

test.each([
  ["another key's", () => signWorkStatement(statement, other)],
  [
    "one whose payload was changed",
    () => ({
      ...signWorkStatement(statement, signer),
      payload: signWorkStatement({ ...statement, token: 8 }, signer).payload,
    }),
  ],
  [
    "one that claims the right key",
    () => {
      const envelope = signWorkStatement(statement, other);
      return { ...envelope, signatures: [{ ...envelope.signatures[0], keyid: signer.keyid }] };
    },
  ],
  [
    "one of another type",
    () => ({ ...signWorkStatement(statement, signer), payloadType: "application/vnd.in-toto+json" }),
  ],
  ["one with more in it", () => ({ ...signWorkStatement(statement, signer), more: 1 })],
  ["nothing", () => null],
  ["one too long", () => ({ ...signWorkStatement(statement, signer), payload: "A".repeat(8004) })],
])("%s statement is refused", (_what, make) => {
  expect(() => readWorkStatement(bytesOf(make()), signer.publicKeyPem)).toThrow(/statement/);
});
