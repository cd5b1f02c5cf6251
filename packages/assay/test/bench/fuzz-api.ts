// node packages/assay/test/bench/fuzz-api.ts SCHEMATHESIS [SECONDS] — every operation by requests made from the OpenAPI document.
// pip install schemathesis makes SCHEMATHESIS. ASSAY_FUZZ_URL and ASSAY_FUZZ_KEY: a daemon that runs, instead of a server on a fake project.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { httpDaemon, localKey } from "../support/http-daemon.ts";

const [program = "schemathesis", seconds = "60"] = process.argv.slice(2);

/** What a server of ours must never fail. Data that a schema cannot describe (a cursor, a run that is there) may be refused. */
const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
  "negative_data_rejection",
  "unsupported_method",
  "allow_header_conformance",
  "ignored_auth",
];
const plenty = 100_000_000;

await using daemon = await httpDaemon({
  rateLimits: { addressPerMinuteMax: plenty, keyPerMinuteMax: plenty, failedPerMinuteMax: plenty },
  log: {
    info: () => undefined,
    error: (what, message) => void process.stderr.write(`${message} ${String(what.error)}\n`),
  },
});
// Something to find: its name is what the document's examples cannot know.
for (let n = 0; n < 20; n++) daemon.project.addRun("default");
const url = process.env.ASSAY_FUZZ_URL ?? daemon.url;
const isOurs = url === daemon.url;
const key = process.env.ASSAY_FUZZ_KEY ?? localKey;
const directory = await mkdtemp(join(tmpdir(), "assay-fuzz-"));
// A URL that is too long is refused as such, whatever else is wrong with it.
const refusals = [400, 401, 403, 404, 405, 409, 413, 415, 422];
await writeFile(
  join(directory, "schemathesis.toml"),
  `[checks.negative_data_rejection]\nexpected-statuses = ${JSON.stringify(refusals)}\n`,
);
const child = spawn(
  program,
  [
    "run",
    `${url}/openapi.json`,
    ...["--header", `Authorization: Bearer ${key}`],
    // The guesses that this check makes meet a real daemon's rate limit: 429 where it wants 401.
    ...["--checks", checks.filter((check) => isOurs || check !== "ignored_auth").join(",")],
    ...["--phases", "examples,coverage,fuzzing"],
    ...["--max-time", seconds],
    ...["--request-timeout", "20"],
    ...["--seed", "1"],
    ...["--workers", "1"],
    "--continue-on-failure",
    // Stopped, a real daemon would rightly answer 503 to all that follows.
    ...(isOurs ? [] : ["--exclude-operation-id", "emergencyStop"]),
  ],
  { stdio: "inherit", cwd: directory },
);
const [code] = await once(child, "exit");
await rm(directory, { recursive: true, force: true });
process.exitCode = code ?? 1;
