// node fleet-program.ts URL API-KEY COUNT — some workers in one process that answer at once; says when all have joined.
import { generateKeyPairSync } from "node:crypto";
import { signerFor } from "../../src/receipt/signer.ts";
import { runWorker } from "../../src/worker/run-worker.ts";

const [url = "", apiKey = "", count = "1"] = process.argv.slice(2);
let joined = 0;

await Promise.all(
  Array.from({ length: Number(count) }, (_, n) =>
    runWorker({
      url,
      apiKey,
      name: `fleet-${process.pid}-${n}`,
      role: "analyzer",
      capabilities: [],
      signer: signerFor(generateKeyPairSync("ed25519").privateKey),
      concurrency: 1,
      executors: { analyze: async () => ({ version: 1, kind: "analyze", summary: "seen", findings: [] }) },
      signal: new AbortController().signal,
      graceMsMax: 1000,
      onEvent: ({ kind }) => {
        if (kind === "joined" && ++joined === Number(count)) process.send?.("joined");
      },
    }),
  ),
);
