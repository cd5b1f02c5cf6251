import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { analyzeOutputSchema } from "@assay/sdk";
import { expect, type TestContext, test } from "vitest";
import { canonicalJson } from "../../src/ports/index.ts";
import { readWorkStatement } from "../../src/receipt/index.ts";
import { scratch } from "../support/scratch.ts";
import { apiKeys, workerPlace } from "../support/worker-place.ts";

const program = fileURLToPath(new URL("../../../../examples/worker-python/worker.py", import.meta.url));

function skipWithoutPython(context: TestContext): void {
  for (const needed of ["python3", "openssl"]) {
    if (spawnSync(needed, ["--help"]).error !== undefined) context.skip(`needs ${needed}`);
  }
}

test("the Python example registers, claims, keeps its claim, and reports what it signed", async (context) => {
  skipWithoutPython(context);
  await using place = await workerPlace({ heartbeatMs: 50 });
  await using folder = await scratch();
  const source = "def total(prices):\n    return sum(prices)\n";
  const digest = await place.acme.blobs.put(source);
  const input = canonicalJson({
    version: 1,
    kind: "analyze",
    files: [{ path: "cart.py", digest, bytes: source.length }],
    question: "where does it come from?",
    failures: [{ message: "total is wrong" }],
  });
  const offers = await Promise.all(
    ["first", "second"].map(async (task) => place.offer(task, { input: await place.acme.blobs.put(input) })),
  );
  const args = [program, "--url", place.url, "--key", join(folder.path, "key.pem"), "--tasks", "2"];
  const env = { ...process.env, ASSAY_API_KEY: apiKeys.acme };
  const { stdout } = await promisify(execFile)("python3", args, { env, timeout: 100_000 });
  expect(stdout).toContain("second: reported");
  for (const { end } of offers) {
    const { outcome, output, statement, token, worker: id = "" } = await end;
    expect(outcome).toBe("done");
    if (output === undefined || statement === undefined) throw new Error("a result in full");
    const bytes = (await place.acme.blobs.get(output)) ?? new Uint8Array();
    const answer = analyzeOutputSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
    expect(answer.findings).toMatchObject([{ file: "cart.py", line: 1, title: "total is named by a failure" }]);
    const worker = await place.acme.registry.get(id);
    const signed = readWorkStatement(
      (await place.acme.blobs.get(statement)) ?? new Uint8Array(),
      worker?.publicKey ?? "",
    );
    expect(signed).toMatchObject({ token, output, worker: id, outcome: "done" });
  }
});

test("the Python example ends in one sentence on a bad API key, and keeps its own key in the user's configuration", async (context) => {
  skipWithoutPython(context);
  await using place = await workerPlace();
  await using folder = await scratch();
  const project = await folder.tree("project", {});
  const config = join(folder.path, "config");
  const env = { ...process.env, XDG_CONFIG_HOME: config, ASSAY_API_KEY: "mistyped" };
  const ended = promisify(execFile)("python3", [program, "--url", place.url], { env, cwd: project, timeout: 100_000 });
  await expect(ended).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^http:\S+ refuses this worker: unauthorized: this is not a key of this daemon[^\n]*\n$/,
    ),
  });
  expect(await readdir(project)).toEqual([]);
  const { mode } = await stat(join(config, "assay", "worker-keys", "python-example.pem"));
  expect(mode & 0o777).toBe(0o600);
});

test("the Python example says in one line that the daemon cannot be reached, and tries again", async (context) => {
  skipWithoutPython(context);
  await using folder = await scratch();
  const place = await workerPlace();
  await place[Symbol.asyncDispose]();
  const args = [program, "--url", place.url, "--key", join(folder.path, "key.pem")];
  const worker = spawn("python3", args, {
    env: { ...process.env, ASSAY_API_KEY: "some" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(worker, "exit");
  let told = "";
  for await (const text of worker.stderr.setEncoding("utf8")) {
    told += text;
    if (told.split("\n").length > 2) break;
  }
  worker.kill("SIGKILL");
  await ended;
  for (const line of told.split("\n").slice(0, 2)) {
    expect(line).toMatch(/^cannot reach http:\S+: .* refused; tries again$/);
  }
});
