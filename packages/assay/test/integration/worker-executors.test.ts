import { generateKeyPairSync } from "node:crypto";
import {
  type CheckInput,
  checkOutputSchema,
  type ProposeInput,
  proposeOutputSchema,
  type TaskKind,
  type WorkerRole,
} from "@assay/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { suiteLimits } from "../../src/domain/index.ts";
import { canonicalJson } from "../../src/ports/index.ts";
import { signerFor } from "../../src/receipt/index.ts";
import { checkExecutor, type Executors, proposeExecutor, runWorker } from "../../src/worker/index.ts";
import { whyNoPytest } from "../support/pytest-project.ts";
import { apiKeys, workerPlace } from "../support/worker-place.ts";

let place: Awaited<ReturnType<typeof workerPlace>>;
beforeEach(async () => {
  place = await workerPlace();
});
afterEach(async () => {
  await place[Symbol.asyncDispose]();
});

const tests =
  "from cart import total\n\ndef test_sum():\n    assert total(1, 2) == 3\n\ndef test_none():\n    assert total(0, 0) == 1\n";
const sum = "def total(a, b):\n    return a + b\n";
const difference = "def total(a, b):\n    return a - b\n";

describe("a worker", () => {
  test("runs a suite in its own sandbox and brings the report", async (context) => {
    const why = await whyNoPytest();
    if (why !== undefined) context.skip(why);
    const input: CheckInput = {
      version: 1,
      kind: "check",
      base: await place.acme.blobs.put("the base"),
      files: await sent({ "cart.py": sum, "test_cart.py": tests }),
      suite: {
        runner: "pytest",
        oracleFiles: ["test_cart.py"],
        selection: [],
        limits: { ...suiteLimits, wallMsMax: 60_000 },
      },
    };
    const output = await workOn("tester", "check", input, { check: checkExecutor() });
    const { report } = checkOutputSchema.parse(output);
    expect(report.results.map(({ outcome }) => outcome).sort()).toEqual(["failed", "passed"]);
  });

  test("proposes the change that turns a failing test green", async (context) => {
    const why = await whyNoPytest();
    if (why !== undefined) context.skip(why);
    const input: ProposeInput = {
      version: 1,
      kind: "propose",
      base: await place.acme.blobs.put("the base"),
      runner: "pytest",
      files: await sent({ "cart.py": difference, "test_cart.py": tests }),
      editable: ["cart.py"],
      oracleFiles: ["test_cart.py"],
      failures: [],
      earlier: [],
      targets: ["test_cart.py::test_sum"],
      guards: [],
      limits: { wallMsMax: 60_000, candidatesMax: 1 },
    };
    const output = await workOn("coder", "propose", input, { propose: proposeExecutor() });
    expect(proposeOutputSchema.parse(output).candidates).toHaveLength(1);
  });
});

async function sent(sources: Record<string, string>) {
  return Promise.all(
    Object.entries(sources).map(async ([path, text]) => {
      return { path, digest: await place.acme.blobs.put(text), bytes: text.length };
    }),
  );
}

/** What a worker makes of one task. */
async function workOn(role: WorkerRole, kind: TaskKind, input: unknown, executors: Executors): Promise<unknown> {
  const { end } = await place.offer(kind, { kind, role, input: await place.acme.blobs.put(canonicalJson(input)) });
  const leave = new AbortController();
  const working = runWorker({
    url: place.url,
    apiKey: apiKeys.acme,
    name: role,
    role,
    capabilities: [],
    signer: signerFor(generateKeyPairSync("ed25519").privateKey),
    concurrency: 1,
    executors,
    signal: leave.signal,
    graceMsMax: 1000,
    onEvent: () => {},
  });
  const { outcome, output, detail } = await end;
  leave.abort();
  await working;
  expect({ outcome, detail }).toEqual({ outcome: "done", detail: "" });
  if (output === undefined) throw new Error("no output");
  return JSON.parse(Buffer.from((await place.acme.blobs.get(output)) ?? "").toString());
}
