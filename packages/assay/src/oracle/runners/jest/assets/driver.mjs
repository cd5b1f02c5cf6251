// Runs inside the sandbox, in the main process of the project's own jest: tests run in its workers where jest has that
// choice, and no test is told the nonce.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jsonLinesTo } from "../../javascript/assets/channel.mjs";
import { failureOf } from "../../javascript/assets/failure.mjs";
import { JestListener } from "./listener.mjs";

const job = JSON.parse(readFileSync(0, "utf8"));
const write = jsonLinesTo(3);
const emit = (event) => write({ n: job.nonce, ...event });
const listener = new JestListener(job, emit);
globalThis[Symbol.for("assay.jest")] = listener;

emit({ e: "start", runnerVersion: job.jestVersion });
const { run } = createRequire(join(job.root, "package.json"))("jest");
// A worker that is stuck cannot be asked: what is known is told while there is time.
setTimeout(() => finish(() => listener.cutOff(job.wallMsMax * 0.9)), job.wallMsMax * 0.9).unref();
const exit = process.exit;
// A jest that cannot start exits before it says why.
process.exit = (code) => setImmediate(() => exit(code));
try {
  await run([...job.args, `--reporters=${fileURLToPath(new URL("./reporter.cjs", import.meta.url))}`], job.root);
} catch (error) {
  process.exitCode = 1;
  finish(() => emit({ e: "collect-error", failure: failureOf(error, job.root) }));
}
// Without it jest was interrupted: the stream stays open, which means incomplete.
if (listener.completed) finish(() => {});

function finish(before) {
  before();
  emit({ e: "end" });
  exit(process.exitCode ?? 0);
}
