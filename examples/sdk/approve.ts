// node approve.ts RUN NAME — approves the proven change of a run that waits for it, and waits for what comes of it.
import { AssayClient, AssayProblem } from "@assay/sdk";
import { daemon } from "./daemon.ts";

const client = new AssayClient(daemon());
const [run = "", by = "somebody"] = process.argv.slice(2);

try {
  const decided = await client.approvals.approve(run, { by });
  console.log(`${decided.approved ? "approved" : "rejected"} by ${decided.by}`);
  if (!decided.finished) await client.runs.resume(run, { apply: true });
  const { outcome, summary } = await client.runs.wait(run);
  console.log(`${outcome}: ${summary}`);
} catch (error) {
  if (!(error instanceof AssayProblem)) throw error;
  console.log(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
