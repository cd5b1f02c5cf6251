// node heal.ts PROJECT — asks the daemon to heal a project, shows what it does, and prints the patch that it proved.
import { AssayClient } from "@assay/sdk";
import { daemon } from "./daemon.ts";

const client = new AssayClient(daemon());
const root = process.argv[2] ?? process.cwd();
const { run } = await client.runs.create({ kind: "heal", root, tests: [], apply: false });

// A run may also pause, for a person or for more budget, and then has no result yet.
const types = ["verdict-reached", "result", "run-paused", "run-cancelled"] as const;
for await (const { event } of client.events({ run, after: 0, types })) {
  if (event.type !== "verdict-reached") break;
  console.log(`${event.candidate}: ${event.verdict.kind}`);
}
const { status, outcome, summary } = await client.runs.wait(run);
console.log(`${outcome ?? status}: ${summary}`);

const patch = (await client.artifacts.list(run)).find(({ kind }) => kind === "patch");
if (patch !== undefined) console.log(new TextDecoder().decode(await client.artifacts.read(run, patch.name)));
console.log(`receipt: ${(await client.receipts.verify(run)).outcome}`);
