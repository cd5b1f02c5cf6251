// Runs inside the sandbox, in the driver: what Gradle's process told about its Test tasks, as events.
import { relative } from "node:path";
import { fileOf, placed } from "../../compiled/assets/java-places.mjs";
import { emit, failure, job } from "../../compiled/assets/job.mjs";
import { isSelected } from "../../compiled/assets/selection.mjs";
import { testsInClass } from "./class-file.mjs";

const outcomes = { SUCCESS: "passed", FAILURE: "failed", SKIPPED: "skipped" };
/** What Gradle calls a test that stands for a class whose set-up failed. */
const standIns = /^(?:classMethod|initializationError|executionError)$/;
const timeoutType = /^(?:org\.junit\.runners\.model\.TestTimedOutException|java\.util\.concurrent\.TimeoutException)$/;

export class GradleEvents {
  #tasks = new Map();
  #open = new Set();
  #running = new Map();
  #told = new Set();

  /** Milliseconds for which the longest running test has been running; 0 when none is. */
  get longestMs() {
    const starts = [...this.#running.values()].map(({ at }) => at);
    return starts.length === 0 ? 0 : performance.now() - Math.min(...starts);
  }

  /** A class was begun and not finished: the tests' process ended before its tests did. */
  get cutOff() {
    return this.#open.size > 0;
  }

  take(event) {
    const task = this.#tasks.get(event?.task);
    const key = `${event?.task} ${event?.class}`;
    if (event?.e === "task") this.#tasks.set(event.task, taskOf(event));
    else if (task === undefined) return;
    else if (event.e === "class-begun") {
      task.seen.add(event.class);
      this.#open.add(key);
    } else if (event.e === "class-ended") {
      this.#open.delete(key);
      if (event.failure != null) this.#brokenClass(task, event);
    } else if (event.e === "running") this.#begin(task, event);
    else if (event.e === "result") this.#result(task, event);
  }

  /** Every test that is still running gets this outcome; what was compiled and not begun is told as collected. */
  endRunning(outcome, told) {
    for (const { id, file, standIn } of this.#running.values()) {
      if (!standIn && isWanted(id, file)) emit({ e: "result", id, file, outcome, failure: { ...told, file } });
    }
    this.#running.clear();
  }

  /** Tells the tests of classes that nothing was told about, for a run that ended too early. */
  collectRest() {
    for (const task of this.#tasks.values()) {
      for (const [name] of task.classes) this.#untold(task, name);
    }
  }

  /** Classes that declare wanted tests, of which Gradle told nothing; not where the project's own filter may have left them out. */
  *unseen() {
    for (const task of this.#tasks.values()) {
      if (task.filtered) continue;
      for (const [name, methods] of task.classes) {
        const file = fileOf(name, task.folder);
        const wanted = methods.some((method) => isWanted(testOf(task, name, method).id, file));
        if (wanted && !task.seen.has(name)) yield { task: task.path, name, file };
      }
    }
  }

  #begin(task, { class: className, name }) {
    const { id, file } = testOf(task, className, name);
    const standIn = standIns.test(name);
    task.seen.add(className);
    this.#running.set(id, { id, file, standIn, at: performance.now() });
    if (standIn || !isWanted(id, file)) return;
    this.#collect(id, file);
    emit({ e: "running", id });
  }

  #result(task, { class: className, name, outcome, durationMs, failure: thrown }) {
    const { id, file } = testOf(task, className, name);
    this.#running.delete(id);
    const told = thrown == null ? undefined : withValues(placed(thrown));
    if (standIns.test(name) && outcome === "FAILURE")
      return this.#brokenClass(task, { class: className, failure: thrown });
    if (!isWanted(id, file)) return;
    this.#collect(id, file);
    const why = told === undefined ? {} : { failure: { ...told, file: told.file ?? file } };
    const limit = outcome === "FAILURE" && timeoutType.test(thrown?.type);
    emit({
      e: "result",
      id,
      file,
      outcome: limit ? "timed-out" : (outcomes[outcome] ?? "errored"),
      durationMs,
      ...why,
    });
  }

  /** A set-up that failed leaves tests without an answer; a tear-down comes after all of them. */
  #brokenClass(task, { class: name, failure: thrown }) {
    const told = thrown == null ? failure("SetupError", `${name} could not be run`) : placed(thrown);
    const file = fileOf(name, task.folder);
    const ids = this.#untold(task, name);
    for (const id of ids)
      emit({ e: "result", id, file, outcome: "errored", failure: { ...told, file: told.file ?? file } });
    if (ids.length === 0) emit({ e: "collect-error", failure: { ...told, file: told.file ?? file, testFile: file } });
  }

  /** Collects the tests of a class that were not told yet, by the names that its file declares. */
  #untold(task, className) {
    const file = fileOf(className, task.folder);
    const declared = (task.classes.get(className) ?? []).map((method) => testOf(task, className, method).id);
    const rest = declared.filter((id) => isWanted(id, file) && !this.#isTold(id));
    for (const id of rest) this.#collect(id, file);
    return rest;
  }

  #isTold(id) {
    return this.#told.has(id) || [...this.#told].some((told) => told.startsWith(`${id}[`) || told.startsWith(`${id}(`));
  }

  #collect(id, file) {
    if (this.#told.has(id)) return;
    this.#told.add(id);
    emit({ e: "collected", ids: [id], file });
  }
}

function taskOf({ task: path, folder, filtered, classes }) {
  const declared = classes.filter((file) => !/\$\d/.test(file)).map(testsInClass);
  const found = declared.filter((each) => each !== undefined).map(({ name, methods }) => [name, methods]);
  const inside = relative(job.root, folder);
  return { path, folder: inside === "" ? "" : `${inside}/`, filtered, classes: new Map(found), seen: new Set() };
}

/** `pkg.Class$Nested::method[2]`; of another task than `test` of the root project, its path stands before that. */
function testOf(task, className, name) {
  const own = `${className}::${name.replace(/\(\)$/, "")}`;
  return { id: task.path === ":test" ? own : `${task.path} > ${own}`, file: fileOf(className ?? "", task.folder) };
}

/** Module and task may be left out of a selection. */
function isWanted(id, file) {
  const own = id.slice(id.lastIndexOf(" > ", id.indexOf("::")) + 1).replace(/^> /, "");
  return isSelected(job.selection, id, file) || isSelected(job.selection, own, file);
}

/** JUnit's comparisons say both values in their message; how they look there is all that Gradle hands on. */
function withValues(told) {
  const found = /expected: ?<([\s\S]*)> but was: ?<([\s\S]*)>/.exec(told.message);
  if (found === null) return told;
  const plain = (value) => (told.type.endsWith("ComparisonFailure") ? value.replace(/\[|\]/g, "") : value);
  return { ...told, expected: plain(found[1]), actual: plain(found[2]) };
}
