// Runs inside the sandbox, in the driver: what the listener in the tests' process wrote, as events.
import { closeSync, openSync, readSync } from "node:fs";
import { fileOf, placed } from "../../compiled/assets/java-places.mjs";
import { emit, failure, job } from "../../compiled/assets/job.mjs";
import { isSelected } from "../../compiled/assets/selection.mjs";

const chunkBytes = 1024 * 1024;

export class PlatformEvents {
  /** Plans that were begun and not finished: their process ended before its tests did. */
  unfinished = 0;
  plans = 0;
  /** Names of classes with a collected test. */
  classes = new Set();
  #path;
  #offset = 0;
  #rest = "";
  #running = new Map();
  #ends = new Map();

  constructor(path) {
    this.#path = path;
  }

  /** Milliseconds for which the longest running test has been running; 0 when none is. */
  get longestMs() {
    const starts = [...this.#running.values()].map(({ at }) => at);
    return starts.length === 0 ? 0 : performance.now() - Math.min(...starts);
  }

  /** Takes in what was written since the last time. */
  drain() {
    let descriptor;
    try {
      descriptor = openSync(this.#path, "r");
    } catch {
      return;
    }
    const buffer = Buffer.alloc(chunkBytes);
    for (let read = -1; read !== 0; ) {
      read = readSync(descriptor, buffer, 0, chunkBytes, this.#offset);
      this.#offset += read;
      const lines = (this.#rest + buffer.toString("latin1", 0, read)).split("\n");
      this.#rest = lines.pop();
      for (const line of lines) this.#take(Buffer.from(line, "latin1").toString("utf8"));
    }
    closeSync(descriptor);
  }

  /** Every test that is still running gets this outcome. */
  endRunning(outcome, told) {
    for (const [id, { file }] of this.#running) {
      emit({ e: "result", id, file, outcome, failure: { ...told, file } });
    }
    this.#running.clear();
  }

  #take(line) {
    let event;
    try {
      event = JSON.parse(line);
    } catch {
      return;
    }
    if (event.e === "plan") {
      this.unfinished += 1;
      this.plans += 1;
    } else if (event.e === "done") this.unfinished -= 1;
    else if (event.e === "broken") {
      emit({ e: "collect-error", failure: { ...placed(event.failure), testFile: fileOf(classIn(event.path)) } });
    } else this.#takeTest(event);
  }

  #takeTest({ e, path, outcome, failure: told }) {
    const id = idOf(path);
    const file = fileOf(classIn(path));
    this.classes.add(classIn(path));
    if (!isSelected(job.selection, id, file)) return;
    if (e === "collected") emit({ e, ids: [id], file });
    else if (e === "running") {
      this.#running.set(id, { at: performance.now(), file });
      emit({ e, id });
    } else if (e === "result") this.#result(id, file, outcome, told);
  }

  #result(id, file, outcome, told) {
    const since = this.#running.get(id)?.at;
    this.#running.delete(id);
    const ends = (this.#ends.get(id) ?? 0) + 1;
    this.#ends.set(id, ends);
    const durationMs = since === undefined ? 0 : performance.now() - since;
    const limit = told?.type === "java.util.concurrent.TimeoutException" && /timed out after/.test(told.message);
    const why = told === undefined ? {} : { failure: { ...placed(told), file: placed(told).file ?? file } };
    emit({ e: "result", id, file, outcome: limit ? "timed-out" : outcome, durationMs, ...why });
    if (ends > 1) {
      const forged = failure("ForgedEvents", "there are events that the JUnit Platform did not write", { file });
      emit({ e: "result", id, file, outcome: "errored", failure: forged });
    }
  }
}

/** `pkg.Class$Nested::method(int)[2]`; what other engines have below their class is joined by ` > `. */
function idOf(path) {
  const parts = path.slice(1);
  const classes = parts.filter(([type]) => /^(?:class|nested-class|runner)$/.test(type));
  const rest = parts.filter((part) => !classes.includes(part));
  let name = "";
  for (const [type, value] of rest) {
    const plain = value.replace(/\(\)$/, "").replace(/^(.*)\([\w.$]+\)$/, type === "test" ? "$1" : "$&");
    if (/^#\d+$/.test(value)) name += `[${value.slice(1)}]`;
    else name += name === "" ? plain : ` > ${plain}`;
  }
  return `${classes.map(([, value]) => value).join("$")}::${name}`;
}

function classIn(path) {
  const classes = path.filter(([type]) => /^(?:class|nested-class|runner)$/.test(type));
  return classes.map(([, value]) => value).join("$") || (path[0]?.[1] ?? "");
}
