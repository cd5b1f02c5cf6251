// Runs inside the sandbox, in the driver: what Go's printed text says about a failure. It never decides an outcome.
import { failure, projectPath } from "../../compiled/assets/job.mjs";

const framesMax = 50;
const endKept = 64 * 1024;

/** Why a test failed, from what was printed while it ran. `folder` is the package's, inside the project. */
export function testFailure(text, folder) {
  const panic = /^(panic: |fatal error: )(.*?)(?: \[recovered.*)?$/m.exec(text);
  if (panic !== null) {
    const frames = framesIn(text.slice(panic.index));
    const { file, line } = frames[0] ?? {};
    const place = file === undefined ? {} : { file, line };
    return { ...failure(panic[1] === "panic: " ? "Panic" : "FatalError", panic[2], place), frames };
  }
  const said = [...text.matchAll(/^ {4,}([\w.-]+\.go):(\d+): (.*(?:\n {8,}.*)*)/gm)];
  const last = said.at(-1);
  if (last === undefined) return failure("TestFailure", "the test failed and said nothing");
  const message = said.map((match) => match[3].replace(/\n\s+/g, "\n").trim()).join("\n");
  return failure("TestFailure", message, {
    file: inFolder(folder, last[1]),
    line: Number(last[2]),
    ...values(message),
  });
}

/** What the compiler, or vet, said about a package: it names files from the module's folder, or by their name alone. */
export function buildFailure(text, folder, module) {
  const type = /^# \[/m.test(text) ? "VetError" : "BuildError";
  const place = /^(?:vet: )?(\S+\.go):(\d+)(?::\d+)?: (.*)$/m.exec(text);
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("# "));
  const message = lines.map((line) => line.replace(/^(?:vet: )?\S+\.go:\d+(?::\d+)?: /, "")).join("\n");
  if (place === null) return failure(type, message);
  const file = projectPath(place[1]);
  if (file === undefined) return failure(type, message);
  const isPath = file.includes("/") && !place[1].startsWith("/");
  return failure(type, message, { file: inFolder(isPath ? module : folder, file), line: Number(place[2]) });
}

/** The limit and the tests that were running, when Go's testing ended the process for its time. */
export function timeoutIn(text) {
  const match = /^panic: test timed out after (\S+)\n\s+running tests:\n((?:\t\t\S.*\n)*)/m.exec(text);
  if (match === null) return undefined;
  return { after: match[1], running: [...match[2].matchAll(/^\t\t(\S+) \(/gm)].map(([, name]) => name) };
}

/** Why a package's process ended before its tests were answered. */
export function crashFailure(text, folder) {
  const told = testFailure(text, folder);
  if (told.type !== "TestFailure") return told;
  const said = text.trim().split("\n").slice(-5).join("\n");
  return failure("ProcessExited", `the process of the package's tests ended before this one was answered: ${said}`);
}

/** The text with more behind it, its middle left out when it grows long. */
export function keepEnds(text, more) {
  if (text.length + more.length <= 4 * endKept) return text + more;
  const whole = text + more;
  return `${whole.slice(0, endKept)}\n...\n${whole.slice(-endKept)}`;
}

function inFolder(folder, file) {
  return folder === "." || file.startsWith(`${folder}/`) ? file : `${folder}/${file}`;
}

function framesIn(text) {
  const frames = [];
  for (const [, name, path, line] of text.matchAll(/^(\S.*)\(.*\)\n\t(\S.*\.go):(\d+)/gm)) {
    const file = projectPath(path);
    if (file !== undefined && path.startsWith("/") && frames.length < framesMax) {
      frames.push({ file, line: Number(line), function: name.slice(name.lastIndexOf("/") + 1) });
    }
    if (name === "testing.tRunner" && frames.length > 0) break;
  }
  return frames;
}

function values(message) {
  const match =
    /(?:\bgot:?|=)\s+(.+?)[,;]?\s+(?:want|expected|wanted):?\s+(.+)/is.exec(message) ??
    reversed(/\b(?:want|expected|wanted):?\s+(.+?)[,;]?\s+(?:got|actual)\s*:?\s+(.+)/is.exec(message));
  if (match === null) return {};
  const line = (value) => value.split("\n")[0].trim();
  return { actual: line(match[1]), expected: line(match[2]) };
}

function reversed(match) {
  return match === null ? null : [match[0], match[2], match[1]];
}
