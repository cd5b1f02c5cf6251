import { generateKeyPairSync } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Excuse, Expectation, Failure, Observation, ReceiptStatement, TestOutcome } from "@assay/sdk";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { judge } from "#domain";
import { canonicalJson } from "#ports";
import { sampleHealing, sampleObservation, sampleTargets, sampleTests } from "../../test/support/sample-healing.ts";
import { signStatement } from "./envelope.ts";
import { compareRerun, rerunPlan } from "./rerun.ts";
import { signerFor } from "./signer.ts";
import { buildStatement } from "./statement.ts";
import { parseTrustedKeys } from "./trusted-keys.ts";
import { verifyReceipt } from "./verify.ts";
import { writeBundle } from "./write-bundle.ts";

const signer = signerFor(generateKeyPairSync("ed25519").privateKey);
const stranger = signerFor(generateKeyPairSync("ed25519").privateKey);
const trusted = parseTrustedKeys(signer.publicKeyPem, "test");
const sample = sampleHealing();
const statement = buildStatement(sample.input);
let home: string;
let pristine: string;
let bundle: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "assay-verify-"));
  pristine = join(home, "pristine");
  await writeBundle({ directory: pristine, statement, signer, blobs: sample.blobs });
});
afterAll(() => rm(home, { recursive: true, force: true }));
beforeEach(async () => {
  bundle = join(home, "bundle");
  await rm(bundle, { recursive: true, force: true });
  await cp(pristine, bundle, { recursive: true });
});

const kindOf = async (path = bundle) => (await verifyReceipt(path, { trusted })).kind;

/** Signs something else in place of the receipt, as a holder of the key could. */
async function resign(change: (draft: ReceiptStatement) => void, by = signer, blobs = sample.blobs): Promise<void> {
  const draft = structuredClone(statement);
  change(draft);
  await rm(bundle, { recursive: true });
  await writeBundle({ directory: bundle, statement: draft, signer: by, blobs });
}

async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe("verifyReceipt", () => {
  test("verifies a bundle, by its directory and by its receipt, with every check ok", async () => {
    const result = await verifyReceipt(bundle, { trusted });
    expect(result.kind).toBe("verified");
    expect(result.checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "form ok",
      "signature ok",
      "files ok",
      "evidence ok",
      "claims ok",
      "baseline ok",
      "verdict ok",
      "signer ok",
    ]);
    expect(await kindOf(join(bundle, "receipt.json"))).toBe("verified");
  });

  test("never verifies a bundle in which any one byte was changed", async () => {
    const files = await filesOf(pristine);
    const contents = await Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })));
    const nonEmpty = contents.filter(({ bytes }) => bytes.length > 0);
    const position = fc.constantFrom(...nonEmpty).chain(({ file, bytes }) =>
      fc.record({
        file: fc.constant(file),
        bytes: fc.constant(bytes),
        at: fc.nat(bytes.length - 1),
        xor: fc.integer({ min: 1, max: 255 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(position, async ({ file, bytes, at, xor }) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ xor;
        await writeFile(file, changed);
        const { kind } = await verifyReceipt(pristine, { trusted });
        await writeFile(file, bytes);
        expect(["mismatch", "invalid"]).toContain(kind);
      }),
      { numRuns: 400 },
    );
    expect(await kindOf(pristine)).toBe("verified");
  });

  test("finds every file that is missing, cut short or added", async () => {
    for (const file of await filesOf(pristine)) {
      const here = file.replace(pristine, bundle);
      const content = await readFile(file);
      await rm(here);
      expect(await kindOf(), `without ${here}`).not.toBe("verified");
      await writeFile(here, `${content}\n`);
      expect(await kindOf(), `longer ${here}`).not.toBe("verified");
      if (content.length > 0) {
        await writeFile(here, content);
        await truncate(here, content.length - 1);
        expect(await kindOf(), `shorter ${here}`).not.toBe("verified");
      }
      await writeFile(here, content);
    }
    expect(await kindOf()).toBe("verified");
    await writeFile(join(bundle, "evidence", "extra.json"), "{}");
    expect(await kindOf()).toBe("mismatch");
    await rm(join(bundle, "evidence", "extra.json"));
    await mkdir(join(bundle, "more"));
    expect(await kindOf()).toBe("mismatch");
  });

  test("tells a signer it does not know apart, after everything else is in order", async () => {
    await resign(() => {}, stranger);
    const result = await verifyReceipt(bundle, { trusted });
    expect(result).toMatchObject({ kind: "signer-unknown", fault: { code: "signer-unknown" } });
    await writeFile(join(bundle, "patch.diff"), "another patch");
    expect(await kindOf()).toBe("mismatch");
  });

  test("refuses a public key that was exchanged without signing anew", async () => {
    await writeFile(join(bundle, "public-key.pem"), stranger.publicKeyPem);
    expect(await kindOf()).toBe("mismatch");
  });

  test("refuses a signed receipt whose verdict does not follow from its evidence", async () => {
    await resign((draft) => {
      draft.predicate.assay.expectation.observationsMade = 3;
    });
    const result = await verifyReceipt(bundle, { trusted });
    expect(result.kind).toBe("mismatch");
    expect(result.checks.find(({ name }) => name === "verdict")?.status).toBe("failed");
  });

  test.each<[string, (draft: ReceiptStatement) => void]>([
    ["tests it never passed", (draft) => draft.predicate.passedTests.push("tests/test_more.py::test_more")],
    ["a failure left out", (draft) => Object.assign(draft.predicate, { result: "FAILED" })],
    ["another subject", (draft) => Object.assign(draft.subject[0] ?? {}, { digest: { sha256: "0".repeat(64) } })],
    ["better isolation", (draft) => Object.assign(draft.predicate.assay.isolation, { uid: 1 })],
    ["another runner", (draft) => Object.assign(draft.predicate.assay.environment, { runner: "jest" })],
    ["a higher level", (draft) => Object.assign(draft.predicate.assay, { level: "out-of-process" })],
  ])("refuses a signed receipt that claims %s", async (_what, change) => {
    await resign(change);
    expect(await kindOf()).toBe("mismatch");
  });

  test("refuses a receipt whose healed tests were green before", async () => {
    const green = sampleHealing();
    const observation = sampleObservation([], undefined, 400);
    const digest = green.blobs.keep(canonicalJson(observation));
    const evidence = [...green.evidence.slice(2), { digest, purpose: "baseline" as const, observation }];
    await rm(bundle, { recursive: true });
    const forged = buildStatement({ ...green.input, evidence });
    await writeBundle({ directory: bundle, statement: forged, signer, blobs: green.blobs });
    const result = await verifyReceipt(bundle, { trusted });
    expect(result.checks.find(({ name }) => name === "baseline")?.status).toBe("failed");
    expect(result.kind).toBe("mismatch");
  });

  const [first = "", second = ""] = sampleTargets;
  const green = sampleTests.find((id) => id.includes("transfer")) ?? "";
  const skipped = sampleTests.find((id) => id.includes("csv_locale")) ?? "";
  const failure = { type: "ImportError", message: "no", frames: [] };
  type Twist = {
    expectation?: (expectation: Expectation) => void;
    /** Of the first baseline, or of both. */
    first?: (observation: Observation) => void;
    both?: (observation: Observation) => void;
    /** Of the runs after the change. */
    after?: (observation: Observation) => void;
  };
  /** What the baseline check and the whole verification say of a receipt made and signed from changed evidence. */
  async function twisted({ expectation: change, first: one, both, after }: Twist) {
    const { input, evidence: given, expectation, blobs } = sampleHealing();
    const evidence = given.map(({ purpose, observation }) => {
      const draft = structuredClone(observation);
      if (purpose === "baseline") one?.(draft);
      (purpose.startsWith("baseline") ? both : after)?.(draft);
      return { purpose, observation: draft, digest: blobs.keep(canonicalJson(draft)) };
    });
    const expected = structuredClone(expectation);
    change?.(expected);
    const verdict = judge(
      expected,
      evidence.filter(({ purpose }) => purpose.endsWith("check")),
    );
    await rm(bundle, { recursive: true });
    const made = buildStatement({ ...input, expectation: expected, verdict, evidence });
    await writeBundle({ directory: bundle, statement: made, signer, blobs });
    const { kind, checks } = await verifyReceipt(bundle, { trusted });
    return [kind, checks.find(({ name }) => name === "baseline")?.status, verdict.kind];
  }
  const outcome = (id: string, value: TestOutcome) => (observation: Observation) => {
    for (const result of observation.report.results) if (result.id === id) result.outcome = value;
  };
  const excuse = (id: string, value: Excuse) => (expectation: Expectation) => {
    expectation.excused[id] = value;
  };

  test.each<[string, Twist]>([
    ["a green test excused as failing", { expectation: excuse(green, "failing-before") }],
    ["a green test excused as skipped", { expectation: excuse(green, "skipped-before") }],
    ["a steady test excused as flaky", { expectation: excuse(green, "flaky-before") }],
    ["a green test excused by the environment", { expectation: excuse(green, "environment") }],
    [
      "a test that never ran excused as failing",
      { expectation: excuse(green, "failing-before"), both: outcome(green, "not-run") },
    ],
    ["a test excused that is not there", { expectation: excuse("tests/none.py::test_none", "failing-before") }],
    [
      "a test left out",
      { expectation: (one) => Object.assign(one, { collected: one.collected.filter((id) => id !== green) }) },
    ],
    ["a target that was skipped", { both: outcome(first, "skipped") }],
    ["a target that was red only once", { first: outcome(second, "passed") }],
    ["a target that was not run", { both: outcome(first, "not-run") }],
    ["a target file that could be collected", { expectation: (one) => one.targetFiles.push("tests/test_accounts.py") }],
    ["an excused file that could be collected", { expectation: (one) => one.excusedFiles.push("tests/test_new.py") }],
    ["only a selection", { both: (one) => one.selection.push(green) }],
  ])("refuses a signed receipt whose baseline shows otherwise: %s", async (_what, twist) => {
    expect((await twisted(twist)).slice(0, 2)).toEqual(["mismatch", "failed"]);
  });

  test.each<[string, Twist]>([
    ["flaky", { expectation: excuse(green, "flaky-before"), first: outcome(green, "failed") }],
    ["failing", { expectation: excuse(green, "failing-before"), both: outcome(green, "errored") }],
    [
      "absent from the repetition",
      {
        expectation: (one) =>
          Object.assign(one, {
            collected: [...one.collected, "z.py::z"],
            excused: { ...one.excused, "z.py::z": "flaky-before" },
          }),
        first: ({ report }) => {
          report.collected.push("z.py::z");
          report.results.push({ id: "z.py::z", file: "z.py", outcome: "passed", durationMs: 1 });
        },
        after: ({ report }) => {
          report.collected.push("z.py::z");
          report.results.push({ id: "z.py::z", file: "z.py", outcome: "passed", durationMs: 1 });
        },
      },
    ],
  ])("verifies a receipt with an excuse that its baseline shows to be true: %s", async (_what, twist) => {
    expect(await twisted(twist)).toEqual(["verified", "ok", "accepted"]);
  });

  test.each<[string, Partial<Failure>, string]>([
    ["by its test file", { file: "ledger/new.py", testFile: "tests/test_accounts.py" }, "tests/test_accounts.py"],
    ["by the place of the error", { file: "tests/test_accounts.py" }, "tests/test_accounts.py"],
  ])("verifies that a file was healed that could not be collected, named %s", async (_what, named, file) => {
    const of = (id: string) => id.startsWith(`${file}::`);
    const uncollected = ({ report }: Observation) => {
      report.collected = report.collected.filter((id) => !of(id));
      report.results = report.results.filter(({ id }) => !of(id));
      report.collectionErrors = [{ ...failure, ...named }];
    };
    const expectation = (one: Expectation) =>
      Object.assign(one, { targetFiles: [file], collected: one.collected.filter((id) => !of(id)) });
    expect(await twisted({ expectation, both: uncollected })).toEqual(["verified", "ok", "accepted"]);
  });

  test("verifies an excuse for a collection error that names no file at all", async () => {
    const nameless = ({ report }: Observation) => {
      report.collectionErrors = [failure];
    };
    const expectation = (one: Expectation) => one.excusedFiles.push("(unknown file)");
    expect(await twisted({ expectation, both: nameless, after: nameless })).toEqual(["verified", "ok", "accepted"]);
  });

  test("knows a skipped test of the sample by its excuse", async () => {
    expect(await twisted({ expectation: (one) => delete one.excused[skipped] })).toEqual([
      "verified",
      "ok",
      "rejected",
    ]);
  });

  test("says that a receipt on its own is incomplete, and still finds a changed byte in it", async () => {
    const lone = join(home, "lone.json");
    await cp(join(pristine, "receipt.json"), lone);
    expect(await kindOf(lone)).toBe("incomplete");
    const text = await readFile(lone, "utf8");
    const at = text.indexOf('"sig":"') + 12;
    await writeFile(lone, `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`);
    expect(await kindOf(lone)).toBe("mismatch");
  });

  test("asks about the repository only when all else is in order, and takes its word", async () => {
    let asked = 0;
    const repository = (status: "ok" | "failed") => () => {
      asked++;
      return Promise.resolve([{ status, detail: "the base differs" }]);
    };
    expect((await verifyReceipt(bundle, { trusted, repository: repository("ok") })).kind).toBe("verified");
    expect((await verifyReceipt(bundle, { trusted, repository: repository("failed") })).kind).toBe("mismatch");
    await writeFile(join(bundle, "patch.diff"), "another patch");
    await verifyReceipt(bundle, { trusted, repository: repository("ok") });
    expect(asked).toBe(2);
  });
});

describe("verifyReceipt on hostile input", () => {
  const write = (content: string | Uint8Array) => writeFile(join(bundle, "receipt.json"), content);
  const envelopeOf = (payload: string) =>
    `${canonicalJson({ ...signStatement(statement, signer), payload: Buffer.from(payload).toString("base64") })}\n`;

  test.each<[string, string | Uint8Array]>([
    ["nothing", ""],
    ["no JSON", "receipt\n"],
    ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d, 0x0a)],
    ["null", "null\n"],
    ["an array", "[]\n"],
    ["deep nesting", `${"[".repeat(2_000_000)}${"]".repeat(2_000_000)}\n`],
    ["a deep payload", envelopeOf(`{"_type":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)],
    ["duplicate keys", envelopeOf(canonicalJson(statement).replace("{", '{"_type":"other",'))],
    ["a payload of another type", envelopeOf('{"_type":"https://in-toto.io/Statement/v0.1"}')],
    ["a field more", envelopeOf(canonicalJson({ ...statement, more: 1 }))],
    ["a prototype", envelopeOf(canonicalJson(statement).replace("{", '{"__proto__":{},'))],
  ])("calls %s invalid", async (_what, content) => {
    await write(content);
    const result = await verifyReceipt(bundle, { trusted });
    expect(result).toMatchObject({ kind: "invalid", fault: { code: "receipt-invalid" } });
  });

  test("calls digests that are paths invalid", async () => {
    const text = canonicalJson(statement).replaceAll(sample.patch, "sha256:../../../../etc/passwd");
    await write(envelopeOf(text));
    expect(await kindOf()).toBe("invalid");
  });

  test("calls signed evidence that is no observation invalid", async () => {
    const junk = sampleHealing();
    const digest = junk.blobs.keep('{"report":"fine"}');
    await resign(
      (draft) => {
        const [first] = draft.predicate.assay.evidence;
        if (first !== undefined) first.digest = digest;
      },
      signer,
      junk.blobs,
    );
    const result = await verifyReceipt(bundle, { trusted });
    expect(result.kind).toBe("invalid");
    expect(result.checks.at(-1)).toMatchObject({ name: "evidence", status: "failed" });
  });

  test("refuses a huge receipt without reading it", async () => {
    await truncate(join(bundle, "receipt.json"), 10 * 1024 ** 3);
    expect(await kindOf()).toBe("invalid");
  });

  test("follows no link in a bundle, even to the same content", async () => {
    await rename(join(bundle, "patch.diff"), join(home, "elsewhere.diff"));
    await symlink(join(home, "elsewhere.diff"), join(bundle, "patch.diff"));
    expect(await kindOf()).toBe("invalid");
    await rm(join(bundle, "patch.diff"));
    await rename(join(home, "elsewhere.diff"), join(bundle, "patch.diff"));
    await rename(join(bundle, "evidence"), join(home, "evidence"));
    await symlink(join(home, "evidence"), join(bundle, "evidence"));
    expect(await kindOf()).toBe("invalid");
    await rm(join(home, "evidence"), { recursive: true });
  });

  test("finds a bundle over a link that leads to it", async () => {
    await symlink(bundle, join(home, "latest"));
    expect(await kindOf(join(home, "latest"))).toBe("verified");
    expect(await kindOf(join(home, "latest", "receipt.json"))).toBe("verified");
    await rm(join(home, "latest"));
  });

  test("waits for no named pipe", async (ctx) => {
    await rm(join(bundle, "patch.diff"));
    const { failed } = await execa("mkfifo", [join(bundle, "patch.diff")], { reject: false });
    if (failed) ctx.skip("mkfifo is not installed");
    expect(await kindOf()).toBe("invalid");
    await rm(join(bundle, "patch.diff"));
    await execa("mkfifo", [join(home, "pipe")]);
    expect(await kindOf(join(home, "pipe"))).toBe("invalid");
  });

  test("throws a usage fault where there is nothing", async () => {
    await expect(kindOf(join(home, "nowhere"))).rejects.toMatchObject({ fault: { code: "usage" } });
  });
});

describe("compareRerun", () => {
  test("finds the same outcomes reproduced and names each that differs", async () => {
    const result = await verifyReceipt(bundle, { trusted });
    if (result.kind !== "verified") throw new Error(result.kind);
    const again = sampleObservation([], sample.patch, 999);
    expect(compareRerun(result.receipt, again)).toEqual({ kind: "reproduced", tests: 12 });
    const red = sampleObservation(sampleTargets.slice(0, 1), sample.patch, 999);
    expect(compareRerun(result.receipt, red)).toEqual({
      kind: "differs",
      differences: [{ kind: "outcome", test: sampleTargets[0], expected: "passed", actual: "failed" }],
    });
    const control = { test: sampleTargets[0] ?? "", alteration: "inverted", outcome: "failed" as const };
    const controls = { controls: [control], controlSeed: 7, controlTargets: [control.test] };
    const evidence = result.receipt.evidence.map((one) =>
      one.observation.patch === undefined ? one : { ...one, observation: { ...one.observation, ...controls } },
    );
    const controlled = { ...result.receipt, evidence };
    expect(rerunPlan(controlled).controls).toMatchObject({ seed: 7, targets: [control.test] });
    expect(compareRerun(controlled, { ...again, ...controls })).toEqual({ kind: "reproduced", tests: 12 });
    const { outcome: expected, ...of } = control;
    expect(compareRerun(controlled, again)).toEqual({
      kind: "differs",
      differences: [{ kind: "control", ...of, expected, actual: "not-run" }],
    });
    const foreign = { ...again, oracle: sample.patch, termination: { kind: "timed-out" as const, wallMsMax: 1 } };
    const compared = compareRerun(result.receipt, foreign);
    expect(compared.kind === "differs" && compared.differences.map(({ kind }) => kind)).toEqual([
      "oracle",
      "ended-early",
    ]);
  });
});
