// node results.ts — prints what becomes of every run, from now on, however often the daemon restarts. Ctrl-C ends it.
import { AssayClient } from "@assay/sdk";
import { daemon } from "./daemon.ts";

const client = new AssayClient(daemon());
const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort());

try {
  for await (const { position, event } of client.events({ types: ["result", "run-paused"], signal: interrupt.signal })) {
    if (event.type === "result") console.log(`${position} ${event.runId} ${event.outcome}: ${event.summary}`);
    if (event.type === "run-paused") console.log(`${position} ${event.runId} waits: ${event.fault.message}`);
  }
} catch (error) {
  if (!interrupt.signal.aborted) throw error;
}
