// Runs inside the sandbox, in a driver: the job, the events that come of it, and how much time is left.
import { readFileSync } from "node:fs";
import { jsonLinesTo } from "../../javascript/assets/channel.mjs";

const job = JSON.parse(readFileSync(0, "utf8"));
const write = jsonLinesTo(3);
const startedAt = performance.now();

export { job };

/** Each event carries the nonce, which no process of the project is told. */
export function emit(event) {
  write({ n: job.nonce, ...event });
}

/** Milliseconds until the run has to be told about: a tenth of the wall clock is kept for that. */
export function msLeft() {
  return job.wallMsMax * 0.9 - (performance.now() - startedAt);
}

/** A failure without a place in the project. */
export function failure(type, message, more = {}) {
  return { type, message, frames: [], ...more };
}

/** The path inside the project, or `undefined` for one that is elsewhere. */
export function projectPath(path) {
  if (!path.startsWith("/")) return path.replace(/^\.\//, "");
  return path.startsWith(`${job.root}/`) ? path.slice(job.root.length + 1) : undefined;
}
