// node tools/record-demo.mjs — runs the demo and puts what it prints into the README, between its two markers.
import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import { onNode24 } from "./lib/on-node-24.mjs";
import { root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

onNode24();

const begin = "<!-- demo:begin (recorded by tools/record-demo.mjs) -->";
const end = "<!-- demo:end -->";
const shownRoot = "~/assay";

const { code, stdout, stderr } = await run("npm", ["run", "--silent", "demo"], { env: { NO_COLOR: "1" } });
if (code !== 0) {
  process.stderr.write(`${stdout}${stderr}\nthe demo failed (exit ${code}); the README is as it was\n`);
  process.exit(code);
}
const readme = readFileSync(join(root, "README.md"), "utf8");
const [before, rest] = readme.split(begin);
const [, after] = rest?.split(end) ?? [];
if (after === undefined) throw new Error(`README.md lacks the markers ${begin} and ${end}`);
const session = stripVTControlCharacters(stdout)
  .replaceAll(root, shownRoot)
  .replaceAll(homedir(), "~")
  .replace(/[ \t]+$/gm, "")
  .trim();
const block = `${begin}\n\n\`\`\`console\n$ npm run demo\n${session}\n\`\`\`\n\n${end}`;
writeFileSync(join(root, "README.md"), `${before}${block}${after}`);
process.stdout.write("recorded into README.md\n");
