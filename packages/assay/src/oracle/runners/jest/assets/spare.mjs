// Runs inside the sandbox, below the screen: a process with the project's jest in memory that is started before its candidate is
// known, tries that one, and ends.
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { JestListener } from "./listener.mjs";

const root = process.argv[2];
const { run } = createRequire(join(root, "package.json"))("jest");

process.once("message", async ({ args, selection }) => {
  const send = (event) => process.connected && process.send(event);
  const listener = new JestListener({ root, selection }, send);
  globalThis[Symbol.for("assay.jest")] = listener;
  await run([...args, `--reporters=${fileURLToPath(new URL("./reporter.cjs", import.meta.url))}`], root);
  send({ e: "end", completed: listener.completed });
});
process.send({ e: "ready" });
