/**
 * What recording a step costs: alone, beside a bare SQLite commit of as many bytes (the floor that this disk sets), and with many
 * runs at once; and how soon a killed run goes on. `node packages/assay/test/bench/journal-step.ts [--json]`. Budgets: design section 9.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { raise } from "#domain";
import { Engine, type Workflow } from "#engine";
import { FileBlobs, ProcessOwners, SqliteJournal } from "#store";

const aloneSteps = 400;
const parallelRuns = 64;
const stepsPerRun = 60;
const result = { digest: `sha256:${"a".repeat(64)}`, counts: { collected: 120, passed: 119, failed: 1 } };

type Figure = { p50Ms: number; p95Ms: number };

function figure(samples: number[]): Figure {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? Number.NaN) * 1000) / 1000;
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}

/**
 * After kill -9: from opening the journal to the claim by which the run goes on (`claimMs`), and from starting a new process,
 * with Node's own start and the loading of sources, to its claim (`processMs`).
 */
async function recover(directory: string): Promise<{ claimMs: number; processMs: number }> {
  const program = join(import.meta.dirname, "..", "fixtures", "engine", "run-workflow.ts");
  const live = (env: NodeJS.ProcessEnv) => spawnSync(process.execPath, [program, directory], { env });
  live({ ...process.env, ASSAY_CRASH_AT: "step-executed:4" });
  const openedAt = performance.now();
  await using left = await SqliteJournal.open(join(directory, "journal.db"));
  const [run] = await left.runs();
  if (run === undefined) throw new Error("the killed process left no run");
  const blobs = new FileBlobs(join(directory, "blobs"));
  let claimMs = Number.NaN;
  const pausing: Workflow = {
    ...steps(0, (work) => work()),
    run: () => {
      claimMs = performance.now() - openedAt;
      return raise("waiting-for-signal", "only the claim was wanted");
    },
  };
  const taking = new Engine({ journal: left, blobs, owners: new ProcessOwners(), assayVersion: "bench" });
  await taking.resume(run.run, { workflow: pausing });
  const startedAt = Date.now();
  live(process.env);
  const claim = (await left.read(run.run)).findLast(({ type }) => type === "lease-claimed");
  return { claimMs, processMs: (claim?.at ?? Number.NaN) - startedAt };
}

function steps(count: number, measure: (work: () => Promise<unknown>) => Promise<unknown>): Workflow {
  return {
    name: "heal",
    version: 1,
    async run(run) {
      for (let n = 0; n < count; n++) await measure(() => run.step(`step-${n}`, { n }, () => result));
      return { type: "result", outcome: "accepted", exitCode: 0, summary: "done" };
    },
  };
}

const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
const journal = await SqliteJournal.open(join(folder, "journal.db"));
const bare = new DatabaseSync(join(folder, "bare.db"));
bare.exec(
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT) STRICT",
);
const insert = bare.prepare("INSERT INTO t (body) VALUES (?)");
const body = JSON.stringify({ ...result, key: "step-000", inputDigest: result.digest, seq: 1, at: Date.now() });
const goal = { kind: "heal" as const, root: "/project", tests: [], apply: false };

try {
  const engine = new Engine({
    journal,
    blobs: new FileBlobs(join(folder, "blobs")),
    owners: new ProcessOwners(),
    assayVersion: "bench",
  });
  await engine.start(
    steps(50, (work) => work()),
    goal,
  );

  const aloneMs: number[] = [];
  const bareMs: number[] = [];
  // Side by side, so that whatever else the disk does meets both.
  const sideBySide = steps(aloneSteps, async (work) => {
    const startedAt = performance.now();
    await work();
    const recordedAt = performance.now();
    bare.exec("BEGIN IMMEDIATE");
    insert.run(body);
    bare.exec("COMMIT");
    aloneMs.push(recordedAt - startedAt);
    bareMs.push(performance.now() - recordedAt);
  });
  const { run } = await engine.start(sideBySide, goal);

  const parallelAt = performance.now();
  const flow = steps(stepsPerRun, (work) => work());
  await Promise.all(Array.from({ length: parallelRuns }, () => engine.start(flow, goal)));
  const stepsPerSecond = Math.round((parallelRuns * stepsPerRun * 1000) / (performance.now() - parallelAt));

  const replayAt = performance.now();
  await engine.read(run);
  const readMs = Math.round((performance.now() - replayAt) * 10) / 10;

  const recoveries: Awaited<ReturnType<typeof recover>>[] = [];
  for (let n = 0; n < 5; n++) recoveries.push(await recover(mkdtempSync(join(folder, "killed-"))));

  const figures = {
    bench: "journal-step",
    alone: figure(aloneMs),
    bareCommit: figure(bareMs),
    parallel: { runs: parallelRuns, stepsPerSecond },
    read: { events: aloneSteps + 3, ms: readMs },
    recovery: {
      claim: figure(recoveries.map(({ claimMs }) => claimMs)),
      newProcess: figure(recoveries.map(({ processMs }) => processMs)),
    },
  };
  if (process.argv.includes("--json")) console.log(JSON.stringify(figures));
  else {
    console.table({
      "saved step, alone (budget p50 1.5)": figures.alone,
      "bare SQLite commit": figures.bareCommit,
    });
    console.log(`${stepsPerSecond} saved steps/s over ${parallelRuns} runs at once (budget 1000)`);
    console.log(`${figures.read.events} events read, verified and parsed in ${readMs} ms`);
    const { claim, newProcess } = figures.recovery;
    console.log(
      `a killed run is taken over in ${claim.p50Ms} ms, ${newProcess.p50Ms} ms with a new process (budget 1000)`,
    );
    console.log(JSON.stringify(figures));
  }
} finally {
  await journal[Symbol.asyncDispose]();
  bare.close();
  rmSync(folder, { recursive: true, force: true });
}
