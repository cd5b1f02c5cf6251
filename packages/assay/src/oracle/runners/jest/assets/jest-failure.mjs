// Runs inside the sandbox, in jest's main process: the fields of jest's own results as failures. Workers hand errors over as
// text with their stack, so the class is the word before the first colon of that field.
import { inspect } from "node:util";
import { cap, frameAt, framesOf } from "../../javascript/assets/failure.mjs";

const inspectOptions = { depth: 6, maxArrayLength: 100, maxStringLength: 4096, breakLength: 100, sorted: true };
const shown = (value) => cap(inspect(value, inspectOptions));

/** Outcome and failure of a failed test. */
export function testFailure({ failureMessages, failureDetails }, root) {
  const text = failureMessages?.[0] ?? "";
  const detail = failureDetails?.[0] ?? {};
  const { type, message } = headOf(text);
  const { frames } = framesOf(text, root);
  const matched = detail.matcherResult ?? (detail.code === "ERR_ASSERTION" ? detail : undefined);
  const failure = {
    type: matched === undefined ? type : "AssertionError",
    message: cap(message),
    ...(frames[0] === undefined ? {} : { file: frames[0].file, line: frames[0].line }),
    ...(matched !== undefined && ("expected" in matched || "actual" in matched)
      ? { expected: shown(matched.expected), actual: shown(matched.actual) }
      : {}),
    frames,
  };
  const timedOut = /^(?:thrown: ")?Exceeded timeout of \d+ ms/.test(message);
  return { outcome: timedOut ? "timed-out" : "failed", failure: timedOut ? { ...failure, type: "Timeout" } : failure };
}

/** What kept a file from being run, or failed outside of its tests. */
export function executionFailure(error, failureMessage, root) {
  const stack = typeof error.stack === "string" && error.stack !== "" ? error.stack : failureMessage;
  const syntax =
    /SyntaxError: (\/.*?): (.*?) \((\d+):\d+\)/.exec(stack) ??
    /SyntaxError: (\/.*?): (.*?) \((\d+):\d+\)/.exec(failureMessage);
  if (syntax !== null) {
    const place = frameAt(syntax[1], Number(syntax[3]), root);
    return { type: "SyntaxError", message: cap(syntax[2]), ...place, frames: place === undefined ? [] : [place] };
  }
  const head = headOf(stack.replace(/^\s*● .*\n+/, "").trim());
  const { frames, header } = framesOf(stack, root);
  const place = frames[0] ?? header ?? requiredFrom(error, root);
  return {
    type:
      typeof error.code === "string"
        ? error.code
        : typeof error.name === "string" && head.type === "Error"
          ? error.name
          : head.type,
    message: cap(typeof error.message === "string" && error.message !== "" ? error.message : head.message),
    ...(place === undefined ? {} : { file: place.file, line: place.line }),
    frames,
  };
}

function requiredFrom(error, root) {
  const [from] = Array.isArray(error.requireStack) ? error.requireStack : [];
  return typeof from === "string" ? frameAt(from, 1, root) : undefined;
}

function headOf(stack) {
  const end = stack.search(/\n\s+at /);
  const head = end === -1 ? stack : stack.slice(0, end);
  const match = /^((?:[\w$.]+)?(?:Error|Exception)|[A-Z][\w$]*) ?(?:\[(\w+)\])?: ([\s\S]*)$/.exec(head);
  if (match === null) return { type: "Error", message: head };
  return { type: match[1] === "Error" ? (match[2] ?? "Error") : match[1], message: match[3] };
}
