// Runs inside the sandbox, in the process of one test file: which lines of the project's sources each test executes, from
// V8's own precise counters. Stripping types keeps positions, so offsets are those of the file on disk.
import { readFileSync } from "node:fs";
import { Session } from "node:inspector";
import { projectPath } from "../../javascript/assets/failure.mjs";

/** Starts counting. `end` gives the lines executed since `begin`, by file, with the lines executed while files were loaded. */
export function startCoverage(root, sources) {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const texts = new Map();
  const loaded = new Map();
  let started = false;

  // Answers in the same turn: the session belongs to this thread.
  function take() {
    let scripts = [];
    session.post("Profiler.takePreciseCoverage", (error, answer) => {
      if (error === null) scripts = answer.result;
    });
    const lines = new Map();
    for (const script of scripts) {
      const file = script.url === "" ? undefined : projectPath(script.url, root);
      if (file === undefined || !sources.has(file)) continue;
      const executed = executedLines(script.functions, textOf(file, script.url));
      if (executed.size > 0) lines.set(file, executed);
    }
    return lines;
  }

  function textOf(file) {
    if (!texts.has(file)) texts.set(file, lineTable(`${root}/${file}`));
    return texts.get(file);
  }

  function merge(into, from) {
    for (const [file, lines] of from) into.set(file, (into.get(file) ?? new Set()).union(lines));
    return into;
  }

  return {
    begin() {
      const before = take();
      // Before the first test only loading has happened: it belongs to each test of the file.
      if (!started) merge(loaded, before);
      started = true;
    },
    end() {
      const files = merge(merge(new Map(), loaded), take());
      return Object.fromEntries([...files].map(([file, lines]) => [file, [...lines].sort((a, b) => a - b)]));
    },
  };
}

/** Offsets at which code begins and ends on each line; blank and comment lines have none. */
function lineTable(path) {
  let text = "";
  try {
    text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch {
    return [];
  }
  const table = [];
  let offset = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const code = line.trim();
    if (code !== "" && !/^(?:\/\/|\/?\*|[})\];,]+$)/.test(code)) {
      const begin = offset + line.indexOf(code);
      table.push({ line: index + 1, begin, end: begin + code.length });
    }
    offset += line.length + 1;
  }
  return table;
}

/** A line counts when its first character lies in a range that ran: the innermost range around an offset decides. */
function executedLines(functions, table) {
  const ranges = functions.flatMap((each) => each.ranges);
  // Outer before inner, so that the last one written is the innermost.
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const executed = new Set();
  for (const { line, begin, end } of table) {
    let count = 0;
    for (const range of ranges) {
      if (range.startOffset > begin) {
        // A function or block that begins later on this line and ran.
        if (range.startOffset < end && range.count > 0) count = Math.max(count, range.count);
        if (range.startOffset >= end) break;
      } else if (range.endOffset > begin) count = range.count;
    }
    if (count > 0) executed.add(line);
  }
  return executed;
}
