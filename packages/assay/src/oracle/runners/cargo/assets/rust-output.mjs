// Runs inside the sandbox, in the driver: what a Rust test's printed text says about its failure. It never decides an outcome.
import { failure, projectPath } from "../../compiled/assets/job.mjs";

/** Places in the text are named from the root of the workspace, or are absolute. */
export function testFailure({ stdout, stderr: said }) {
  const stderr = said.replace(/^warning: `--logfile` is deprecated\n?/, "");
  const panic =
    /^thread '.*' (?:\(\d+\) )?panicked at (\S+):(\d+):\d+:\n([\s\S]*?)(?:\nstack backtrace:|\nnote: run with|$(?![\s\S]))/m.exec(
      stderr,
    );
  if (panic !== null) {
    const [, path, line, text] = panic;
    const file = path.startsWith("/rustc/") ? undefined : projectPath(path);
    const place = file === undefined ? {} : { file, line: Number(line) };
    const frames = file === undefined ? [] : [{ file, line: Number(line) }];
    return { ...failure("Panic", text.trim(), { ...place, ...values(text) }), frames };
  }
  const unmet = /^note: (test did not panic as expected.*)$/m.exec(stdout);
  if (unmet !== null) return failure("TestFailure", unmet[1]);
  const returned = /^Error: (.*)$/m.exec(`${stderr}\n${stdout.replace(/^test \S.* \.\.\. /m, "")}`);
  if (returned !== null) return failure("TestFailure", returned[1]);
  return failure("TestFailure", stderr.trim().split("\n").slice(-5).join("\n") || "the test failed and said nothing");
}

function values(text) {
  const match = /\n {1,2}left: (.*)\n right: (.*)/.exec(text);
  return match === null ? {} : { actual: match[1], expected: match[2] };
}
