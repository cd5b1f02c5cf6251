// Runs inside the sandbox: builds a Rust project's tests, lists them, and runs each in a process of its own.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { availableParallelism } from "node:os";
import { emit, failure, job, msLeft } from "../../compiled/assets/job.mjs";
import { ending, runProcess } from "../../compiled/assets/run-process.mjs";
import { isSelected } from "../../compiled/assets/selection.mjs";
import { shuffled } from "../../compiled/assets/shuffled.mjs";
import { buildTests } from "./build.mjs";
import { testFailure } from "./rust-output.mjs";

/** What libtest prints last; weaker than its log, for a test could print it too and leave with success. */
const lastLine = /^test result: ok\. 1 passed; 0 failed; 0 ignored; .*\s*$(?![\s\S])/m;

prepareHome();
const { stdout: version } = await runProcess([job.cargo, "--version"], { cwd: job.root, msMax: msLeft(), quiet: true });
emit({ e: "start", runnerVersion: version.trim() });
const binaries = await buildTests();
const tests = [];
for (const binary of binaries ?? []) tests.push(...(await listTests(binary)));
const queue = shuffled(tests, job.shuffleSeed);
await Promise.all(Array.from({ length: Math.min(queue.length, availableParallelism()) }, work));
if (binaries !== undefined && msLeft() > 0) emit({ e: "end" });

/** Cargo writes to its home; what was downloaded stays where it is. */
function prepareHome() {
  mkdirSync(process.env.CARGO_HOME, { recursive: true });
  if (job.home !== undefined) {
    for (const name of ["registry", "git"]) {
      const source = `${job.home}/${name}`;
      if (!existsSync(source)) continue;
      mkdirSync(`${process.env.CARGO_HOME}/${name}`);
      for (const part of ["index", "cache", "src", "db", "checkouts"]) {
        if (existsSync(`${source}/${part}`))
          symlinkSync(`${source}/${part}`, `${process.env.CARGO_HOME}/${name}/${part}`);
      }
    }
  }
}

async function listTests(binary) {
  const names = async (...more) => {
    const argv = [binary.executable, "--list", "--format", "terse", ...more];
    const { code, stdout } = await runProcess(argv, { cwd: binary.folder, msMax: msLeft(), quiet: true });
    return code === 0 ? [...stdout.matchAll(/^(.+): test$/gm)].map((match) => match[1]) : undefined;
  };
  const all = await names();
  const ignored = new Set(await names("--ignored"));
  if (all === undefined) {
    const message = `${binary.prefix} does not list its tests: it has a harness of its own, or fails before it starts`;
    emit({ e: "collect-error", failure: failure("SetupError", message, { file: binary.file }) });
    return [];
  }
  binary.hasLog = (await help(binary)).includes("--logfile");
  const tests = all.map((name) => ({ binary, name, id: `${binary.prefix}::${name}`, ignored: ignored.has(name) }));
  const selected = tests.filter(({ id }) => isSelected(job.selection, id, binary.file));
  if (selected.length > 0) emit({ e: "collected", ids: selected.map(({ id }) => id), file: binary.file });
  return selected;
}

/** An option that libtest has called deprecated, and may have lost one day. */
async function help(binary) {
  return (await runProcess([binary.executable, "--help"], { cwd: binary.folder, msMax: msLeft(), quiet: true })).stdout;
}

async function work() {
  for (let next = queue.shift(); next !== undefined && msLeft() > 0; next = queue.shift()) await runTest(next);
}

async function runTest({ binary, name, id, ignored }) {
  const { file, folder, executable } = binary;
  const result = (outcome, durationMs, told) =>
    emit({
      e: "result",
      id,
      file,
      outcome,
      durationMs,
      ...(told === undefined ? {} : { failure: { ...told, file: told.file ?? file } }),
    });
  if (ignored) return result("skipped", 0);
  emit({ e: "running", id });
  const log = `/tmp/assay-${randomBytes(8).toString("hex")}`;
  const argv = [executable, "--exact", name, "--nocapture", "--test-threads=1"];
  if (binary.hasLog) argv.push(`--logfile=${log}`);
  const startedAt = performance.now();
  const msMax = Math.min(job.testMsMax, msLeft());
  const ended = await runProcess(argv, { cwd: folder, msMax });
  const durationMs = performance.now() - startedAt;
  const passed = binary.hasLog ? readLog(log) === `ok ${name}\n` : lastLine.test(ended.stdout);
  if (ended.timedOut)
    return result("timed-out", durationMs, failure("Timeout", `still running after ${Math.round(msMax)} ms`));
  if (ended.code === 0 && passed) return result("passed", durationMs);
  if (ended.code === 0) {
    const message = "the test's process ended with success before the test did";
    return result("errored", durationMs, failure("ProcessExited", message));
  }
  if (ended.code === 101) return result("failed", durationMs, testFailure(ended));
  const type = ended.signal === null ? "ProcessExited" : "ProcessCrashed";
  const said = ended.stderr.trim().split("\n").slice(-3).join("\n");
  result("errored", durationMs, failure(type, `the test's process ended with ${ending(ended)}: ${said}`));
}

/** What libtest itself wrote about the test, apart from all that is printed. */
function readLog(log) {
  try {
    return readFileSync(log, "utf8");
  } catch {
    return "";
  } finally {
    rmSync(log, { force: true });
  }
}
