// Runs inside the sandbox, in the driver: what Go's printed text says about a failure. It never decides an outcome.
import { failure, projectPath } from "../../compiled/assets/job.mjs";

const framesMax = 50;

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

/** What the compiler, or vet, said about a package. */
export function buildFailure(text, folder) {
  const type = /^# \[/m.test(text) ? "VetError" : "BuildError";
  const place = /^(?:vet: )?(\S+\.go):(\d+)(?::\d+)?: (.*)$/m.exec(text);
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("# "));
  const message = lines.map((line) => line.replace(/^(?:vet: )?\S+\.go:\d+(?::\d+)?: /, "")).join("\n");
  if (place === null) return failure(type, message);
  const file = projectPath(place[1]);
  return failure(type, message, file === undefined ? {} : { file: inFolder(folder, file), line: Number(place[2]) });
}

/** The compiler names files from where it was started, tests by their name alone. */
function inFolder(folder, file) {
  return file.includes("/") || folder === "." ? file : `${folder}/${file}`;
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
