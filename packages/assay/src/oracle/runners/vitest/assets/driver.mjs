// Runs inside the sandbox, in the main process of the project's own vitest: tests run in its workers, and only this process
// holds the nonce.
import { readFileSync } from "node:fs";
import { jsonLinesTo } from "../../javascript/assets/channel.mjs";
import { failureOf } from "../../javascript/assets/failure.mjs";
import { AssayReporter } from "./reporter.mjs";
import { startProjectVitest } from "./start.mjs";

const job = JSON.parse(readFileSync(0, "utf8"));
const write = jsonLinesTo(3);
const emit = (event) => write({ n: job.nonce, ...event });
const reporter = new AssayReporter(job, emit);

emit({ e: "start", runnerVersion: job.vitestVersion });
// A worker that is stuck cannot be asked: what is known is told while there is time.
setTimeout(() => finish(() => reporter.cutOff(job.wallMsMax * 0.9)), job.wallMsMax * 0.9).unref();
try {
  const vitest = await startProjectVitest(job, [reporter]);
  await vitest?.close();
} catch (error) {
  reporter.failed(failureOf(error, job.root));
}
finish(() => {});

function finish(before) {
  before();
  emit({ e: "end" });
  // Workers of tests that never end would keep the process.
  process.exit(process.exitCode ?? 0);
}
