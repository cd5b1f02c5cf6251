import { buildStatement, loadSigner, writeBundle } from "#receipt";
import { sampleHealing } from "./sample-healing.ts";

/** Writes the sample bundle to the directory given; run as a process of its own by tests that kill it. */
const [directory = ""] = process.argv.slice(2);
const { input, blobs } = sampleHealing();
const written = await writeBundle({ directory, statement: buildStatement(input), signer: await loadSigner(), blobs });
process.stdout.write(written.digest);
