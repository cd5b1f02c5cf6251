// Runs inside the sandbox: has Gradle build and test the project; a script of ours tells from Gradle's own process what it runs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { emit, failure, job, msLeft } from "../../compiled/assets/job.mjs";
import { ending, runProcess } from "../../compiled/assets/run-process.mjs";
import { openChannel } from "./channel-server.mjs";
import { GradleEvents } from "./gradle-events.mjs";
import { buildFailures } from "./gradle-output.mjs";
import { gradleVersion, makeUserHome } from "./user-home.mjs";

const pollMs = 200;
const userHome = "/tmp/assay-gradle";
const init = fileURLToPath(new URL("./assay.init.gradle", import.meta.url));
const defaultJvmArgs = "-Xmx1g";

const events = new GradleEvents();
const channel = await openChannel({
  begun: (runnerVersion) => emit({ e: "start", runnerVersion }),
  told: (event) => events.take(event),
});
const stop = new AbortController();
let stuckMs;
const poll = setInterval(() => {
  if (events.longestMs <= job.testMsMax * 1.5 + 1000) return;
  stuckMs ??= Math.round(events.longestMs);
  stop.abort();
}, pollMs);
const ended = await runProcess(command(), {
  cwd: job.root,
  env: environment(),
  msMax: msLeft(),
  signal: stop.signal,
  input: `${JSON.stringify(instructions())}\n`,
});
clearInterval(poll);
await channel.drained();
if (!channel.isBegun()) emit({ e: "start" });
conclude();

function conclude() {
  if (stuckMs !== undefined || ended.timedOut) {
    const told = stuckMs === undefined ? "when the time limit was reached" : `after ${stuckMs} ms`;
    events.endRunning("timed-out", failure("Timeout", `still running ${told}`));
    return events.collectRest();
  }
  const cutOff = events.cutOff;
  // Gradle counts a process that leaves with success among those that have run everything.
  const exited = `the tests' process ended before this test did (Gradle: ${ending(ended)})`;
  events.endRunning("errored", failure("ProcessExited", exited));
  if (cutOff) {
    events.collectRest();
    const message = "the tests' process ended before its tests did";
    return emit({ e: "collect-error", failure: failure("ProcessExited", message) });
  }
  if (ended.code !== 0 || !channel.isBegun()) {
    for (const told of buildFailures(`${ended.stdout}\n${ended.stderr}`)) emit({ e: "collect-error", failure: told });
  } else tellUnseen();
  emit({ e: "end" });
}

function tellUnseen() {
  for (const { task, name, file } of events.unseen()) {
    const message = `${name} declares tests and ${task} ran none of them: does it use the right test framework (useJUnit, useJUnitPlatform, useTestNG)?`;
    emit({ e: "collect-error", failure: failure("SetupError", message, { file, testFile: file }) });
  }
}

function environment() {
  const args = jvmArgs();
  return {
    ...process.env,
    GRADLE_USER_HOME: userHome,
    // The same as Gradle is told below, so that one process is enough where it has no arguments of its own.
    GRADLE_OPTS: args,
    ...makeUserHome(userHome, job.cache, gradleVersion(job.gradleHome)),
  };
}

/** The project's own, as far as memory goes; tests must not attach to Gradle's process, which tells what they did. */
function jvmArgs() {
  let own;
  try {
    own = /^[ \t]*org\.gradle\.jvmargs[ \t]*[=:][ \t]*(.*)$/m.exec(
      readFileSync(join(job.root, "gradle.properties"), "utf8"),
    )?.[1];
  } catch {
    // Most projects have none.
  }
  return `${own?.trim() || defaultJvmArgs} -XX:+UseSerialGC -XX:+DisableAttachMechanism`;
}

function command() {
  const settings = {
    jvmargs: jvmArgs(),
    parallel: false,
    caching: false,
    "configuration-cache": false,
    "unsafe.configuration-cache": false,
    "vfs.watch": false,
    "java.installations.auto-download": false,
  };
  return [
    ...[
      join(job.gradleHome, "bin/gradle"),
      "--offline",
      "--no-daemon",
      "--no-build-cache",
      "--console=plain",
      "--continue",
    ],
    ...Object.entries(settings).map(([name, value]) => `-Dorg.gradle.${name}=${value}`),
    // What an earlier build left must not stand in for this one's.
    ...["--rerun-tasks", "--project-cache-dir", "/tmp/assay-gradle-project", `-Dmaven.repo.local=${job.repository}`],
    ...["-I", init, "test"],
  ];
}

/** For the script in Gradle's process. */
function instructions() {
  const patterns = job.selection.map(patternsOf);
  const order = {
    "junit.jupiter.testmethod.order.default": "org.junit.jupiter.api.MethodOrderer$Random",
    "junit.jupiter.testclass.order.default": "org.junit.jupiter.api.ClassOrderer$Random",
    "junit.jupiter.execution.order.random.seed": String(job.shuffleSeed),
  };
  return {
    address: channel.address,
    // What only the report can tell, as a name alone, has everything run, and only what was asked for is told.
    patterns: patterns.includes(undefined) ? [] : [...new Set(patterns.flat())],
    systemProperties: {
      "junit.jupiter.execution.timeout.default": `${Math.max(1, Math.round(job.testMsMax))}ms`,
      ...(job.shuffleSeed === undefined ? {} : order),
    },
  };
}

/** What Gradle's `--tests` calls a test, a class or a file. */
function patternsOf(item) {
  const file = /(?:^|\/)src\/test\/(?:java|kotlin|groovy)\/(.+)\.(?:java|kt|groovy)$/.exec(item)?.[1];
  const id = /^(?:[:\w.-]+ > )?([\w.]+(?:\$\w+)*)::(\w+)/.exec(item);
  if (id !== null) return [`${id[1]}.${id[2]}`, `${id[1]}.${id[2]}[*`, `${id[1]}.${id[2]}(*`];
  const name = file?.replaceAll("/", ".") ?? (/^[\w.]+\.[A-Z]\w*$/.test(item) ? item : undefined);
  return name === undefined ? undefined : [name, `${name}$*`];
}
