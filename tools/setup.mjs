// node tools/setup.mjs demo|test — installs what this machine lacks, or says exactly what to run.
import process from "node:process";
import { onNode24, stop } from "./lib/on-node-24.mjs";

onNode24();

const { installMissing, purposes, readMachine, systemCommands } = await import(
  "../packages/assay/src/app/requirements/index.ts"
);
const purpose = process.argv[2];
if (!purposes.includes(purpose)) {
  process.stderr.write(`usage: node tools/setup.mjs ${purposes.join("|")}\n`);
  process.exit(2);
}

const machine = await readMachine(systemCommands);
const outcome = await installMissing(purpose, machine, systemCommands, (line) => process.stdout.write(`${line}\n`));
if (outcome.kind === "not-ready") stop(outcome.fault.message, outcome.fault.remedy);
const news = outcome.installed.length === 0 ? "nothing was missing" : `installed ${outcome.installed.join(", ")}`;
process.stdout.write(`ready: ${news}\n`);
