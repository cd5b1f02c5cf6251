// node tools/check-protocol.mjs [--record] — the workers' protocol: its style, that nothing released breaks, that the generated code is its.
// --record takes the protocol as it is for released: what follows may add to it and change nothing.
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { onNode24 } from "./lib/on-node-24.mjs";
import { root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

onNode24();

const wire = join(root, "packages", "assay", "src", "wire");
const released = join(wire, "worker.v1.binpb");
const generated = ["worker_pb.js", "worker_pb.d.ts"].map((name) => join("assay", "worker", "v1", name));

if (process.argv.includes("--record")) await buf("is recorded", ["build", wire, "-o", released]);
await buf("follows buf's standard rules", ["lint", wire]);
await buf("breaks nothing that was released", ["breaking", wire, "--against", released]);
await regenerates();

async function buf(what, args) {
  const { code, output } = await run("buf", args);
  if (code !== 0) fail(`the protocol in ${wire} must hold: it ${what}\n${output}`);
}

async function regenerates() {
  const folder = mkdtempSync(join(tmpdir(), "assay-protocol-"));
  try {
    cpSync(wire, folder, { recursive: true });
    await buf("can be generated from", ["generate", folder, "--template", join(wire, "buf.gen.yaml"), "-o", folder]);
    for (const file of generated) {
      if (readFileSync(join(folder, file), "utf8") === readFileSync(join(wire, file), "utf8")) continue;
      fail(`${join(wire, file)} is not what worker.proto makes; run: cd ${wire} && buf generate`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fail(message) {
  process.stderr.write(`${message.trimEnd()}\n`);
  process.exitCode = 1;
}
