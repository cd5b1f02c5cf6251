// Runs inside the sandbox, in the process of the tests: turns what was thrown into the `failure` of an event.
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect, stripVTControlCharacters } from "node:util";

const charactersMax = 4096;
const framesMax = 50;
const inspectOptions = {
  depth: 6,
  maxArrayLength: 100,
  maxStringLength: charactersMax,
  breakLength: 100,
  sorted: true,
};

/** A failure for whatever was thrown, frames in the project only. Never throws, also for hostile getters. */
export function failureOf(thrown, root) {
  try {
    return describe(thrown, root);
  } catch {
    return { type: "Error", message: "the thrown value could not be read", frames: [] };
  }
}

function describe(thrown, root) {
  if (typeof thrown !== "object" || thrown === null) {
    return { type: typeof thrown, message: cap(typeof thrown === "string" ? thrown : inspect(thrown)), frames: [] };
  }
  const stack = typeof thrown.stack === "string" ? thrown.stack : "";
  const { frames, header } = framesOf(stack, root);
  const place = header ?? frames[0];
  return {
    type: cap(typeOf(thrown)),
    message: cap(typeof thrown.message === "string" ? thrown.message : inspect(thrown, inspectOptions)),
    ...(place === undefined ? {} : { file: place.file, line: place.line }),
    ...comparison(thrown),
    frames,
  };
}

/** The class; for plain errors of Node the code, which says more, as `ERR_MODULE_NOT_FOUND`. */
function typeOf(error) {
  const name = typeof error.name === "string" && error.name !== "" ? error.name : (error.constructor?.name ?? "Error");
  return name === "Error" && typeof error.code === "string" ? error.code : name;
}

function comparison(error) {
  if (!("expected" in error) || !("actual" in error)) return {};
  // Compared by a function (`throws`, `rejects`) there is nothing to show.
  if (error.expected === undefined && error.actual === undefined) return {};
  return { expected: shown(error.expected), actual: shown(error.actual) };
}

function shown(value) {
  try {
    return cap(inspect(value, inspectOptions));
  } catch {
    return "(cannot be shown)";
  }
}

/**
 * The project's frames of a stack, innermost first. `header` is the place before the message, which V8 and Node write for
 * errors that no code of the project threw: syntax errors, names a module does not export.
 */
export function framesOf(stack, root) {
  const frames = [];
  for (const line of stack.split("\n", 400)) {
    if (frames.length >= framesMax) break;
    const match = /^\s*at (?:async )?(?:(.*?) \()?((?:file:\/\/)?\/.*?):(\d+)(?::\d+)?\)?$/.exec(line);
    const frame = match === null ? undefined : frameAt(match[2], Number(match[3]), root);
    if (frame !== undefined) frames.push(match[1] === undefined ? frame : { ...frame, function: cap(match[1]) });
  }
  const first = /^\s*((?:file:\/\/)?\/.*?):(\d+)$/.exec(stack.slice(0, stack.indexOf("\n") + 1).trimEnd());
  const header = first === null ? undefined : frameAt(first[1], Number(first[2]), root);
  return { frames, header };
}

/** A place in the project, or undefined for one outside of it or in its dependencies. */
export function frameAt(location, line, root) {
  const file = projectPath(location, root);
  return file === undefined || !(line >= 1) ? undefined : { file, line };
}

/** The project-relative POSIX path of a file URL or an absolute path; undefined outside of the project's own files. */
export function projectPath(location, root) {
  let path = location;
  try {
    if (location.startsWith("file://")) path = fileURLToPath(location.replace(/[?#].*$/, ""));
  } catch {
    return undefined;
  }
  if (!isAbsolute(path)) return undefined;
  const inside = relative(root, path);
  const parts = inside.split(sep);
  if (inside === "" || parts[0] === ".." || isAbsolute(inside) || parts.includes("node_modules")) return undefined;
  return parts.join("/");
}

/** Cut to the length an event may hold, without the colours of a terminal. */
export function cap(colored) {
  const text = stripVTControlCharacters(colored.slice(0, 16 * charactersMax));
  return text.length > charactersMax ? `${text.slice(0, charactersMax - 1)}…` : text;
}
