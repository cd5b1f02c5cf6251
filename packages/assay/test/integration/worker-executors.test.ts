import { generateKeyPairSync } from "node:crypto";
import {
  type AnalyzeInput,
  analyzeOutputSchema,
  type CheckInput,
  checkOutputSchema,
  type Digest,
  type ProposeInput,
  proposeOutputSchema,
  type TaskKind,
  type WorkerRole,
} from "@assay/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { suiteLimits } from "../../src/domain/index.ts";
import { canonicalJson } from "../../src/ports/index.ts";
import { signerFor } from "../../src/receipt/index.ts";
import { analyzeExecutor, checkExecutor, type Executors, proposeExecutor, runWorker } from "../../src/worker/index.ts";
import { editAnswer } from "../fakes/models/edit-answers.ts";
import { modelServer } from "../fakes/models/model-server.ts";
import { good } from "../fakes/models/scripts/good.ts";
import { configureModels, envOfKey, testKey } from "../support/model-home.ts";
import { whyNoPytest } from "../support/pytest-project.ts";
import { runAssay } from "../support/run-assay.ts";
import { scratch } from "../support/scratch.ts";
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
    const output = await workOn("coder", "propose", await proposing(), { propose: proposeExecutor() });
    expect(proposeOutputSchema.parse(output).candidates).toHaveLength(1);
  });
});

test("a coder proposes what a model of this machine's user says", async (context) => {
  const why = await whyNoPytest();
  if (why !== undefined) context.skip(why);
  await using home = await scratch();
  const right = { file: "cart.py", oldStr: "return a - b", newStr: "return a + b" };
  await using server = await modelServer({ models: { "m-1": good(editAnswer(right)) }, keys: [testKey] });
  await configureModels(home.path, server, [{ name: "helper", model: "m-1", protocol: "openai-chat" }]);
  const input = canonicalJson(await proposing());
  const { end } = await place.offer("ask", {
    kind: "propose",
    role: "coder",
    input: await place.acme.blobs.put(input),
  });
  let worker: number | undefined;
  const args = ["worker", "--url", place.url, "--role", "coder", "--proposer", "model:helper"];
  const ended = runAssay(home.path, args, {
    env: { ...envOfKey, ASSAY_API_KEY: apiKeys.acme },
    onStart: (pid) => {
      worker = pid;
    },
  });
  const { outcome, output, detail } = await end;
  if (worker !== undefined) process.kill(worker, "SIGTERM");
  expect(await ended).toMatchObject({ code: 0 });
  expect({ outcome, detail }).toEqual({ outcome: "done", detail: "" });
  expect(proposeOutputSchema.parse(await outputAt(output))).toMatchObject({
    candidates: [{ method: "loopback/m-1", edits: [{ path: "cart.py" }] }],
  });
});

test("an analyzer says which lines the failures come from most probably", async (context) => {
  const why = await whyNoPytest();
  if (why !== undefined) context.skip(why);
  const source = "def total(a, b):\n    if a > b:\n        return a - b\n    return a + b\n";
  const suite =
    "from cart import total\n\ndef test_more():\n    assert total(2, 1) == 3\n\ndef test_less():\n    assert total(1, 2) == 3\n";
  const files = await sent({ "cart.py": source, "test_cart.py": suite });
  const input: AnalyzeInput = { version: 1, kind: "analyze", files, question: "what is wrong?", failures: [] };
  const output = await workOn("analyzer", "analyze", input, { analyze: analyzeExecutor() });
  const { summary, findings } = analyzeOutputSchema.parse(output);
  expect(summary).toContain("1 of 2 tests fail");
  expect(findings[0]).toMatchObject({ file: "cart.py", line: 3 });
});

async function proposing(): Promise<ProposeInput> {
  return {
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
}

async function outputAt(digest: Digest | undefined): Promise<unknown> {
  if (digest === undefined) throw new Error("no output");
  return JSON.parse(Buffer.from((await place.acme.blobs.get(digest)) ?? "").toString());
}

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
  return outputAt(output);
}
