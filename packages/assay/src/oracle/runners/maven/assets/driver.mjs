// Runs inside the sandbox: has Maven build and test the project, with a listener of ours in the tests' process.
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileOf } from "../../compiled/assets/java-places.mjs";
import { emit, failure, job, msLeft } from "../../compiled/assets/job.mjs";
import { ending, runProcess } from "../../compiled/assets/run-process.mjs";
import { compileListener } from "./listener.mjs";
import { buildFailures } from "./maven-output.mjs";
import { PlatformEvents } from "./platform-events.mjs";

const pollMs = 200;
const argumentLengthMax = 100_000;
const listener = "/tmp/assay-listener";
const eventsPath = `/tmp/assay-${randomBytes(8).toString("hex")}`;
const modules = job.files.filter((file) => /(?:^|\/)pom\.xml$/.test(file)).map((file) => join(job.root, dirname(file)));

emit({ e: "start" });
mkdirSync(listener);
const problem = await compileListener(listener);
if (problem === undefined) await test();
else {
  emit({ e: "collect-error", failure: failure("BuildError", problem) });
  emit({ e: "end" });
}

async function test() {
  // What an earlier build left must not stand in for this one's.
  for (const module of modules) rmSync(join(module, "target"), { recursive: true, force: true });
  const events = new PlatformEvents(eventsPath);
  const stop = new AbortController();
  let stuckMs;
  const poll = setInterval(() => {
    events.drain();
    if (events.longestMs <= job.testMsMax * 1.5 + 1000) return;
    stuckMs ??= Math.round(events.longestMs);
    stop.abort();
  }, pollMs);
  const ended = await runProcess(command(), { cwd: job.root, msMax: msLeft(), signal: stop.signal });
  clearInterval(poll);
  events.drain();
  conclude(events, ended, stuckMs);
}

function conclude(events, ended, stuckMs) {
  if (stuckMs !== undefined || ended.timedOut) {
    const told = stuckMs === undefined ? "when the time limit was reached" : `after ${stuckMs} ms`;
    return events.endRunning("timed-out", failure("Timeout", `still running ${told}`));
  }
  const exited = `the tests' process ended before this test did (Maven: ${ending(ended)})`;
  events.endRunning("errored", failure("ProcessExited", exited));
  if (events.unfinished > 0) {
    const message = "the tests' process ended before its tests did";
    return emit({ e: "collect-error", failure: failure("ProcessExited", message) });
  }
  if (ended.code !== 0) for (const told of buildFailures(ended.stdout)) emit({ e: "collect-error", failure: told });
  else if (job.selection.length === 0) tellUnseen(events);
  emit({ e: "end" });
}

/** Classes with tests of which the platform was never told, as those of JUnit 4 without the vintage engine. */
function tellUnseen(events) {
  for (const module of modules) {
    const folder = join(module, "target/test-classes");
    for (const entry of classFiles(folder)) {
      const name = entry.slice(0, -".class".length).replaceAll("/", ".");
      if (
        events.classes.has(name) ||
        !/Lorg\/junit\/(?:jupiter\/api\/)?Test;/.test(readFileSync(join(folder, entry), "latin1"))
      )
        continue;
      const message = `${name} was not run: Assay sees what the JUnit Platform runs (JUnit 5, or JUnit 4 by its vintage engine; maven-surefire-plugin 2.22 or later)`;
      emit({
        e: "collect-error",
        failure: failure("SetupError", message, { file: fileOf(name), testFile: fileOf(name) }),
      });
    }
  }
}

function classFiles(folder) {
  try {
    return readdirSync(folder, { recursive: true }).filter((entry) => entry.endsWith(".class") && !/\$\d/.test(entry));
  } catch {
    return [];
  }
}

function command() {
  const patterns = job.selection.map(patternOf);
  const named = patterns.includes(undefined) ? [] : [...new Set(patterns.flat())];
  // With more names than an argument can hold everything runs, and only what was asked for is told.
  const wanted = named.join(",").length < argumentLengthMax ? named : [];
  return [
    ...["mvn", "-o", "-B", "-q", "-fae", `-Dmaven.repo.local=${job.repository}`],
    // A file is there or it is not: from which of the user's mirrors it came does not matter here.
    "-Daether.enhancedLocalRepository.trackingFilename=none.repositories",
    ...["-Dstyle.color=never", "-Dmaven.test.failure.ignore=true", "-Dmaven.test.skip=false", "-DskipTests=false"],
    ...["-Dmaven.test.redirectTestOutputToFile=true", "-Dsurefire.rerunFailingTestsCount=0", "-DtrimStackTrace=false"],
    ...[`-Dmaven.test.additionalClasspath=${listener}`, `-Dassay.events=${eventsPath}`],
    `-Djunit.jupiter.execution.timeout.default=${Math.max(1, Math.round(job.testMsMax))}ms`,
    ...(job.shuffleSeed === undefined
      ? []
      : [
          "-Djunit.jupiter.testmethod.order.default=org.junit.jupiter.api.MethodOrderer$Random",
          "-Djunit.jupiter.testclass.order.default=org.junit.jupiter.api.ClassOrderer$Random",
          `-Djunit.jupiter.execution.order.random.seed=${job.shuffleSeed}`,
        ]),
    ...(wanted.length === 0 ? [] : [`-Dtest=${wanted.join(",")}`, "-DfailIfNoTests=false"]),
    ...["-Dsurefire.failIfNoSpecifiedTests=false", "test"],
  ];
}

/** What surefire calls a test, a class or a file; `undefined` for what only the report can tell, as a name alone. */
function patternOf(item) {
  const file = /(?:^|\/)src\/test\/(?:java|kotlin)\/(.+)\.(?:java|kt)$/.exec(item)?.[1];
  const id = /^([\w.]+(?:\$\w+)*)::(\w+)/.exec(item);
  if (id !== null) return [`${id[1]}#${id[2]}`];
  const name = file?.replaceAll("/", ".") ?? (/^[\w.]+\.[A-Z]\w*$/.test(item) ? item : undefined);
  return name === undefined ? undefined : [name, `${name}$*`];
}
