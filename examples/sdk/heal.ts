// node heal.ts PROJECT — asks the daemon to heal a project, shows what it does, and prints the patch that it proved.
import { AssayClient } from "@assay/sdk";
import { daemon } from "./daemon.ts";

const client = new AssayClient(daemon());
const root = process.argv[2] ?? process.cwd();
const { run } = await client.runs.create({ kind: "heal", root, tests: [], apply: false });

for await (const { event } of client.events({ run, after: 0, untilResult: true })) {
  if (event.type === "verdict-reached") console.log(`${event.candidate}: ${event.verdict.kind}`);
  if (event.type === "result") console.log(`${event.outcome}: ${event.summary}`);
}

const patch = (await client.artifacts.list(run)).find(({ kind }) => kind === "patch");
if (patch !== undefined) console.log(new TextDecoder().decode(await client.artifacts.read(run, patch.name)));
console.log(`receipt: ${(await client.receipts.verify(run)).outcome}`);
