// Runs inside the sandbox: tests each module of a Go project with `go test -json` and tells on descriptor 3 what it saw.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { emit, failure, job, msLeft } from "../../compiled/assets/job.mjs";
import { runProcess } from "../../compiled/assets/run-process.mjs";
import { declaredTests } from "./declared-tests.mjs";
import { buildFailure } from "./go-output.mjs";
import { PackageRun } from "./package-run.mjs";

const argumentLengthMax = 100_000;
const wrapper = fileURLToPath(new URL("./exec.sh", import.meta.url));

seedCache();
const { stdout: version } = await runProcess(["go", "version"], { cwd: job.root, msMax: msLeft() });
emit({ e: "start", runnerVersion: /go(\d\S*)/.exec(version)?.[1] ?? version.trim() });
for (const module of job.modules) await testModule(module === "." ? job.root : `${job.root}/${module}`);
emit({ e: "end" });

/** Links to what was compiled beforehand: entries are found by the digest of their inputs, new ones stay in this sandbox. */
function seedCache() {
  mkdirSync(process.env.GOCACHE, { recursive: true });
  if (job.cache !== undefined) spawnSync("cp", ["-as", `${job.cache}/.`, process.env.GOCACHE]);
}

async function testModule(cwd) {
  const packages = await listPackages(cwd);
  const wanted = [...packages].filter(([, run]) => run.wanted.length > 0);
  if (wanted.length === 0) return;
  const names = job.selection.length === 0 ? undefined : new Set(wanted.flatMap(([, run]) => run.wanted));
  await goTest(cwd, new Map(wanted), names);
  for (const [path, run] of wanted) await finish(cwd, path, run);
}

/** A panic or a limit ends a package's process: the tests that it did not get to run in another one. */
async function finish(cwd, path, run) {
  for (let before = Number.POSITIVE_INFINITY; run.left.length > 0 && run.left.length < before; ) {
    if (run.refused || msLeft() <= 0) return;
    before = run.left.length;
    run.again();
    await goTest(cwd, new Map([[path, run]]), run.left);
  }
  if (!run.refused && msLeft() > 0) run.giveUp();
}

/** Packages of the module at `cwd` by import path. One that cannot even be listed is a collection error. */
async function listPackages(cwd) {
  const format = "-json=Dir,ImportPath,TestGoFiles,XTestGoFiles,Error";
  const listed = await runProcess(["go", "list", "-e", format, "./..."], { cwd, msMax: msLeft(), quiet: true });
  const packages = new Map();
  const module = relative(job.root, cwd) || ".";
  const values = listed.code === 0 ? jsonValues(listed.stdout) : [];
  for (const { Dir, ImportPath, TestGoFiles = [], XTestGoFiles = [], Error: problem } of values) {
    const folder = relative(job.root, Dir) || ".";
    const files = [...TestGoFiles, ...XTestGoFiles];
    if (problem !== undefined && files.length === 0) {
      const text = `${problem.Pos ?? ""}: ${problem.Err}`.replace(/^: /, "");
      // A folder without Go files for this machine has no tests either.
      if (!/build constraints exclude all Go files|no Go files in|matched no packages/.test(text)) {
        emit({ e: "collect-error", failure: buildFailure(text, folder, module) });
      }
      continue;
    }
    packages.set(
      ImportPath,
      new PackageRun({ folder, module, declared: declaredTests(Dir, files), selection: job.selection }),
    );
  }
  if (listed.code !== 0) emit({ e: "collect-error", failure: failure("BuildError", listed.stderr.trim()) });
  return packages;
}

/** One `go test` of some packages, and what their ends mean. */
async function goTest(cwd, packages, names) {
  const seconds = Math.max(1, Math.floor(Math.min(job.binaryMsMax, msLeft()) / 1000));
  const argv = ["go", "test", "-json", "-count=1", `-exec=sh ${wrapper}`, `-timeout=${seconds}s`];
  if (job.shuffleSeed !== undefined) argv.push(`-shuffle=${job.shuffleSeed}`);
  const pattern = names === undefined ? "" : `-run=^(?:${[...names].join("|")})$`;
  // With more names than an argument can hold everything runs, and only what was asked for is told.
  if (pattern !== "" && pattern.length < argumentLengthMax) argv.push(pattern);
  const built = new Map();
  const onLine = (line) => {
    let event;
    try {
      event = JSON.parse(line);
    } catch {
      return;
    }
    if (event.Action === "build-output")
      built.set(event.ImportPath, (built.get(event.ImportPath) ?? "") + event.Output);
    if (event.FailedBuild !== undefined) failedBuild.set(event.Package, event.FailedBuild);
    packages.get(event.Package)?.take(event);
  };
  const failedBuild = new Map();
  const ended = await runProcess([...argv, ...packages.keys()], { cwd, msMax: msLeft(), onLine });
  if (ended.timedOut) return;
  for (const [path, run] of packages) run.conclude(built.get(failedBuild.get(path)) ?? "", ended.stderr);
}

/** JSON values written one after the other, each beginning with a brace of its own line. */
function jsonValues(text) {
  return text
    .split(/^(?=\{$)/m)
    .filter((part) => part.trim() !== "")
    .map((part) => JSON.parse(part));
}
