import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { receiptEnvelopeSchema } from "@assay/sdk";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MemoryBlobs } from "../../test/support/memory-blobs.ts";
import { sampleHealing } from "../../test/support/sample-healing.ts";
import { isSignedBy, preAuthEncoding } from "./envelope.ts";
import { signerFor } from "./signer.ts";
import { buildStatement } from "./statement.ts";
import { writeArtifact } from "./write-artifact.ts";
import { writeBundle } from "./write-bundle.ts";

const signer = signerFor(generateKeyPairSync("ed25519").privateKey);
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "assay-bundle-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const sample = sampleHealing();
const write = (directory: string) =>
  writeBundle({ directory, statement: buildStatement(sample.input), signer, blobs: sample.blobs });

async function contentsOf(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path.slice(directory.length), await readFile(path, "utf8")])),
  );
}

describe("preAuthEncoding", () => {
  test("gives the example of the DSSE specification", () => {
    const encoded = preAuthEncoding("http://example.com/HelloWorld", Buffer.from("hello world"));
    expect(Buffer.from(encoded).toString()).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  });
});

describe("writeBundle", () => {
  test("gives the same bytes for the same statement and key, whatever the order of the evidence", async () => {
    const first = await write(join(home, "a"));
    const shuffled = buildStatement({ ...sample.input, evidence: [...sample.evidence].reverse() });
    const second = await writeBundle({ directory: join(home, "b"), statement: shuffled, signer, blobs: sample.blobs });
    expect(second.digest).toBe(first.digest);
    expect(await contentsOf(join(home, "b"))).toEqual(await contentsOf(join(home, "a")));
  });

  test("replaces an earlier bundle and leaves nothing else behind", async () => {
    const { digest } = await write(join(home, "bundle"));
    await writeFile(join(home, "bundle", "patch.diff"), "changed");
    await mkdir(join(home, "bundle.partial"));
    expect((await write(join(home, "bundle"))).digest).toBe(digest);
    expect(await readdir(home)).toEqual(["bundle"]);
  });

  test("does not replace what is not a bundle", async () => {
    await mkdir(join(home, "bundle"));
    await writeFile(join(home, "bundle", "thesis.txt"), "years of work");
    await expect(write(join(home, "bundle"))).rejects.toMatchObject({ fault: { code: "state-not-writable" } });
    expect(await readFile(join(home, "bundle", "thesis.txt"), "utf8")).toBe("years of work");
  });

  test("refuses when something that the receipt names was not kept", async () => {
    const statement = buildStatement(sample.input);
    const request = { directory: join(home, "bundle"), statement, signer, blobs: new MemoryBlobs() };
    await expect(writeBundle(request)).rejects.toMatchObject({ fault: { code: "receipt-invalid" } });
  });

  test("can be checked with sha256sum alone", async (ctx) => {
    const { failed: missing } = await execa("sha256sum", ["--version"], { reject: false });
    if (missing) ctx.skip("sha256sum is not installed");
    await write(join(home, "bundle"));
    await execa("sha256sum", ["--strict", "-c", "SHA256SUMS"], { cwd: join(home, "bundle") });
  });

  test("holds a DSSE envelope around an in-toto test result", async () => {
    const { receipt } = await write(join(home, "bundle"));
    const envelope = receiptEnvelopeSchema.parse(JSON.parse(await readFile(receipt, "utf8")));
    const key = createPublicKey(await readFile(join(home, "bundle", "public-key.pem")));
    expect(isSignedBy(envelope, key)).toBe(true);
    expect(JSON.parse(Buffer.from(envelope.payload, "base64").toString())).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      predicateType: "https://in-toto.io/attestation/test-result/v0.1",
      predicate: { result: "PASSED", failedTests: [] },
      subject: [{ name: "patch.diff", digest: { sha256: sample.patch.slice(7) } }],
    });
  });
});

describe("buildStatement", () => {
  test("says PASSED of nothing but an accepted change", () => {
    for (const kind of ["rejected", "inconclusive"] as const) {
      const verdict = { ...sample.input.verdict, kind };
      expect(buildStatement({ ...sample.input, verdict }).predicate.result).toBe("FAILED");
    }
  });

  test("states the weakest isolation of the cited runs", () => {
    const evidence = sample.evidence.map((one, i) => {
      const isolation = { ...one.observation.isolation, kind: i === 3 ? ("none" as const) : ("bubblewrap" as const) };
      return { ...one, observation: { ...one.observation, isolation } };
    });
    expect(buildStatement({ ...sample.input, evidence }).predicate.assay.isolation.kind).toBe("none");
  });

  test("refuses a verdict whose evidence is not given", () => {
    expect(() => buildStatement({ ...sample.input, evidence: sample.evidence.slice(0, 3) })).toThrow("evidence");
  });
});

describe("writeArtifact", () => {
  test("makes directories, replaces whole files and leaves no other file", async () => {
    const path = join(home, "runs", "one", "fix.patch");
    await writeArtifact(path, "first");
    const digest = await writeArtifact(path, "second");
    expect(await readFile(path, "utf8")).toBe("second");
    expect(digest).toMatch(/^sha256:/);
    expect(await readdir(join(home, "runs", "one"))).toEqual(["fix.patch"]);
  });

  test("says that it cannot write instead of throwing what the system says", async () => {
    await writeFile(join(home, "file"), "");
    const written = writeArtifact(join(home, "file", "below"), "x");
    await expect(written).rejects.toMatchObject({ fault: { code: "state-not-writable" } });
  });
});
