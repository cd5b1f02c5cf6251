// node tools/bench.mjs [NAME]… — measures what has a budget, one bench after another. Figures, not tests.
import process from "node:process";
import { onNode24 } from "./lib/on-node-24.mjs";
import { run } from "./lib/run.mjs";

onNode24();

const benches = [
  "sandbox-launch",
  "workspace-create",
  "journal-step",
  "sse-clients",
  "search-humanevalfix",
  "function-oracle",
  "lane-b",
  "lane-c",
  "ten-thousand-verdicts",
];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : benches;
const unknown = wanted.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no such bench: ${unknown.join(", ")}; there are: ${benches.join(", ")}\n`);
  process.exit(2);
}
for (const name of wanted) {
  process.stdout.write(`\n== ${name}\n`);
  const { code } = await run(process.execPath, [`packages/assay/test/bench/${name}.ts`], { live: true });
  if (code !== 0) process.exitCode = 1;
}
