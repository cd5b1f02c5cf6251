import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type CheckOutput, checkOutputSchema, planSchema, type ReceiptStatement, type RunEvent } from "@assay/sdk";
import { expect, test } from "vitest";
import { suiteLimits } from "../../src/domain/index.ts";
import { signerFor } from "../../src/receipt/index.ts";
import { checkExecutor, type Executor, runWorker } from "../../src/worker/index.ts";
import { Daemon } from "../support/daemon.ts";
import { whyNoPytest } from "../support/pytest-project.ts";
import { runAssay } from "../support/run-assay.ts";
import { scratch } from "../support/scratch.ts";

const files = {
  "cart.py": "def total(a, b):\n    return a - b\n",
  "test_cart.py":
    "from cart import total\n\ndef test_sum():\n    assert total(1, 2) == 3\n\ndef test_none():\n    assert total(4, 0) == 4\n",
};

/** Reports that everything that passed failed. */
const lying: Executor = async (document, context) => {
  const seen = checkOutputSchema.parse(await checkExecutor()(document, context));
  const results = seen.report.results.map((result) => ({ ...result, outcome: "failed" as const }));
  return { ...seen, report: { ...seen.report, results } } satisfies CheckOutput;
};

/** A tester of the daemon, from when it has joined. */
async function tester(daemon: Daemon, key: string, check: Executor) {
  const leave = new AbortController();
  const joined = Promise.withResolvers<string>();
  let finished = 0;
  const working = runWorker({
    url: daemon.url,
    apiKey: key,
    name: "tester",
    role: "tester",
    capabilities: [],
    signer: signerFor(generateKeyPairSync("ed25519").privateKey),
    concurrency: 1,
    executors: { check },
    signal: leave.signal,
    graceMsMax: 1000,
    onEvent: (event) => {
      if (event.kind === "joined") joined.resolve(event.worker);
      if (event.kind === "finished") finished += 1;
    },
    // Who is revoked ends with a fault.
  }).catch((error: unknown) => error);
  return {
    id: await joined.promise,
    finished: () => finished,
    async [Symbol.asyncDispose]() {
      leave.abort();
      await working;
    },
  };
}

test("testers' reports count if they may attest and are true; a lie revokes, and no verdict is another for it", async (context) => {
  const why = await whyNoPytest();
  if (why !== undefined) context.skip(why);
  await using place = await scratch();
  const project = await place.tree("project", files);
  await mkdir(join(place.path, "config/assay"), { recursive: true });
  // Without the sample it is the daemon's own second run alone that finds a liar.
  await writeFile(join(place.path, "config/assay/config.toml"), "[workers]\nsampleRate = 0\n");
  await using daemon = await Daemon.start(place.path, project);
  const client = daemon.client();
  const { key } = await client.keys.create({ name: "testers", tenant: "default", scopes: ["workers"] });
  const over = async (run: string) => {
    for (;;) {
      const detail = await client.runs.get(run);
      if (!["queued", "running"].includes(detail.status)) return detail;
      await delay(100);
    }
  };
  const heal = async () => {
    const { run } = await client.runs.create(daemon.heal({ testers: "workers" }));
    const ended = await over(run);
    expect(ended).toMatchObject({ status: "finished", outcome: "accepted" });
    return run;
  };
  const observers = async (run: string) => {
    const envelope = JSON.parse(await readFile(join(project, ".assay/runs", run, "bundle/receipt.json"), "utf8"));
    const statement: ReceiptStatement = JSON.parse(Buffer.from(envelope.payload, "base64").toString());
    return statement.predicate.assay.evidence.flatMap(({ purpose, worker }) => (purpose === "check" ? [worker] : []));
  };
  /** What becomes of a plan that checks the project as it is: one of its tests fails. */
  const checkAsPlanned = async () => {
    const sent = Object.entries(files).map(async ([path, text]) => {
      return { path, digest: await client.blobs.keep(Buffer.from(text)), bytes: text.length };
    });
    const suite = { runner: "pytest", oracleFiles: ["test_cart.py"], selection: [], limits: suiteLimits };
    const input = {
      version: 1,
      kind: "check",
      base: `sha256:${"0".repeat(64)}`,
      files: await Promise.all(sent),
      suite,
    };
    const work = { kind: "delegate", task: "check", role: "tester", input };
    const plan = planSchema.parse({ tasks: [{ key: "check", title: "check it", work }] });
    const { run } = await client.runs.create({ kind: "plan", root: project, title: "a check", plan });
    const { outcome, summary } = await over(run);
    const { items } = await client.tasks.list({ run });
    return { outcome, summary, detail: items.find(({ task }) => task === "check")?.detail };
  };

  {
    await using ungranted = await tester(daemon, key, lying);
    expect(await observers(await heal())).toEqual([undefined]);
    expect(await checkAsPlanned()).toMatchObject({ outcome: "failed", summary: "1 of 1 tasks failed: check." });
    expect(ungranted.finished()).toBe(0);
  }
  {
    await using honest = await tester(daemon, key, checkExecutor());
    await client.workers.grantAttest(honest.id, true);
    const run = await heal();
    expect(await observers(run)).toEqual([honest.id]);
    expect(honest.finished()).toBeGreaterThan(0);
    expect(await checkAsPlanned()).toMatchObject({ outcome: "failed", summary: "1 of 1 tasks failed: check." });
    expect(await client.receipts.verify(run)).toMatchObject({ outcome: "matches" });
    const bundle = join(project, ".assay/runs", run, "bundle");
    const { code, stdout, stderr } = await runAssay(place.path, ["verify", bundle, "--rerun", "--in", project]);
    expect({ code, stderr, stdout }).toMatchObject({ code: 0 });
  }
  await using liar = await tester(daemon, key, lying);
  await client.workers.grantAttest(liar.id, true);
  const run = await heal();
  expect(await observers(run)).toEqual([undefined]);
  const [revoked] = (await client.workers.list()).filter(({ worker }) => worker === liar.id);
  expect(revoked).toMatchObject({ status: "revoked", reexecuted: { agreed: 0, differed: 1 } });
  expect(revoked?.revokedBecause).toContain("reported as failed, seen as passed");
  const violations: RunEvent[] = [];
  for await (const { event } of client.events({ run, after: 0 })) {
    if (event.type === "violation-found") violations.push(event);
    if (event.type === "result") break;
  }
  expect(violations).toMatchObject([{ kind: "capability", subjects: [liar.id] }]);
}, 240_000);
