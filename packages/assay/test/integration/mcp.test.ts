import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verifyAgain } from "#app";
import { atDepth, thorough } from "../support/depth.ts";
import { gitRepository } from "../support/judged-repository.ts";
import { connectClient, initialize, startInitialized, startRaw, toolCall } from "../support/mcp-server.ts";
import { projectCopy, resultOf, runAssay } from "../support/run-assay.ts";
import { readTree, scratch } from "../support/scratch.ts";

const isAccepted = { state: "finished", outcome: "accepted", exitCode: 0, verdict: { kind: "accepted" } };

describe("assay mcp, called by a client of today's protocol", () => {
  test("heals, tells what is going on, and verifies the receipt again", async () => {
    await using copy = await projectCopy("python-prices");
    const before = await readTree(copy.project);
    await using server = await connectClient(copy.home, ["--root", copy.project]);
    expect(server.client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
    const told: string[] = [];
    const healed = await server.call("heal", { waitSeconds: 200 }, (message) => told.push(message));
    expect(healed).toMatchObject({ isError: false, structuredContent: isAccepted });
    expect(told).toContain("snapshot");
    const { runId, receipt, patch } = healed.structuredContent as {
      runId: string;
      receipt: string;
      patch: { path: string };
    };
    expect(JSON.parse(await readFile(receipt, "utf8"))).toHaveProperty("signatures");
    expect(await readFile(patch.path, "utf8")).toContain("prices/discount.py");
    expect(healed.content).toMatchObject([{ text: expect.stringContaining(receipt) }]);

    const verified = await server.call("verify", { receipt, project: copy.project, rerun: true });
    expect(verified.structuredContent).toMatchObject({ verified: true, outcome: "accepted" });
    expect(JSON.stringify(verified.structuredContent)).toContain("gave the same outcomes");
    const status = await server.call("run_status", { run: runId });
    expect(status.structuredContent).toMatchObject({ runId, ...isAccepted });
    const after = Object.entries(await readTree(copy.project)).filter(([path]) => !path.startsWith(".assay/"));
    expect(Object.fromEntries(after)).toEqual(before);
  });

  test("does not verify a receipt that was changed", async () => {
    await using space = await scratch();
    const project = await space.tree("project", { "receipt.json": "{}" });
    await using server = await connectClient(space.path, ["--root", project]);
    const { structuredContent } = await server.call("verify", { receipt: "receipt.json" });
    expect(structuredContent).toMatchObject({ verified: false, exitCode: 1, error: { code: "receipt-invalid" } });
  });

  test("judges a revision and a patch, and leaves changes to tests to a person", async () => {
    const wrong = "def double(x):\n    return x + 2\n";
    const right = "def double(x):\n    return x * 2\n";
    const tests =
      "from p import double\n\n\ndef test_double():\n    assert double(3) == 6\n\n\ndef test_two():\n    assert double(2) == 4\n";
    await using repository = await gitRepository({
      "pyproject.toml": '[project]\nname = "p"\nversion = "1"\n',
      "p.py": wrong,
      "test_p.py": tests,
    });
    await repository.commit({ "p.py": right });
    await using server = await connectClient(repository.home, ["--root", repository.project]);
    const judged = await server.call("judge", { base: "HEAD~1", head: "HEAD", expect: "fix", waitSeconds: 200 });
    expect(judged.structuredContent).toMatchObject(isAccepted);

    const patch = "--- a/p.py\n+++ b/p.py\n@@ -1,2 +1,2 @@\n def double(x):\n-    return x + 2\n+    return x + 4\n";
    const rejected = await server.call("judge", { base: "HEAD~1", patch, expect: "fix", waitSeconds: 200 });
    expect(rejected).toMatchObject({ isError: false, structuredContent: { outcome: "rejected", exitCode: 1 } });

    await repository.commit({ "test_p.py": tests.replace("== 6", "!= 0") });
    const weakened = await server.call("judge", { base: "HEAD~1", head: "HEAD", waitSeconds: 200 });
    expect(weakened.structuredContent).toMatchObject({ outcome: "inconclusive" });
    expect(JSON.stringify(weakened.structuredContent)).toContain("tests-changed");
    const loosened = await server.call("judge", { base: "HEAD~1", allowTestChanges: true });
    expect(loosened).toMatchObject({ isError: true, structuredContent: { error: { code: "usage" } } });
  });
});

describe("assay mcp, called by a client of the protocol before", () => {
  test("goes on with a run that nobody waits for, gives it to one process at a time, and then its result", async () => {
    await using copy = await projectCopy("python-prices");
    await using server = await connectClient(copy.home, ["--root", copy.project], "initialize");
    expect(server.client.getNegotiatedProtocolVersion()).toBe("2025-11-25");
    const begun = await server.call("heal", { waitSeconds: 0 });
    expect(begun).toMatchObject({ isError: false, structuredContent: { state: "running" } });
    const { runId } = begun.structuredContent as { runId: string };
    const status = await server.call("run_status", { run: "last" });
    expect(status.structuredContent).toMatchObject({ runId, state: "running" });
    const second = await server.call("heal", {});
    expect(second).toMatchObject({ isError: true, structuredContent: { error: { code: "run-locked" } } });
    const result = await server.call("run_result", { run: runId, waitSeconds: 200 });
    expect(result.structuredContent).toMatchObject({ runId, ...isAccepted, diff: expect.stringContaining("+++ b/") });
    const listed = await server.call("list_runs", {});
    expect(listed.structuredContent).toMatchObject({ runs: [{ runId, outcome: "accepted" }], more: 0 });
  });

  test.each(atDepth(["2025-03-26", "2025-06-18", "2025-11-25"], 3))(
    "shakes hands in %s, line by line",
    async (version) => {
      await using space = await scratch();
      const project = await space.tree("project", { "notes.txt": "" });
      await using server = startRaw(space.path, ["--root", project]);
      await server.send(initialize(version));
      const hello = await server.until(({ id }) => id === "hello");
      expect(hello).toMatchObject({ result: { protocolVersion: version, serverInfo: { name: "assay" } } });
      await server.send({ jsonrpc: "2.0", method: "notifications/initialized" });
      await server.send({ jsonrpc: "2.0", id: 1, method: "tools/list" });
      const { result } = await server.until(({ id }) => id === 1);
      const names = (result as { tools: { name: string }[] }).tools.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["heal", "judge", "verify", "run_status"]));
      await server.send(toolCall(2, "list_runs", {}));
      const answer = await server.until(({ id }) => id === 2);
      expect(answer).toMatchObject({ result: { content: [{ type: "text", text: "No runs yet." }] } });
      server.hangUp();
      expect(await server.ended).toBe(0);
    },
  );
});

describe("a run that is no longer wanted", () => {
  thorough("is interrupted when its call is taken back, and resumed by another one", async () => {
    await using copy = await projectCopy("python-prices");
    await using server = await startInitialized(copy.home, ["--root", copy.project]);
    await server.send(toolCall(1, "heal", { waitSeconds: 200 }, { progressToken: "heal" }));
    await server.until(({ method }) => method === "notifications/progress");
    const cancelled = { requestId: 1, reason: "changed my mind" };
    await server.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: cancelled });
    await server.send(toolCall(2, "run_result", { run: "last", waitSeconds: 200 }));
    const stopped = await server.until(({ id }) => id === 2);
    expect(stopped).toMatchObject({ result: { structuredContent: { state: "paused" } } });
    await server.send(toolCall(3, "resume_run", { run: "last", waitSeconds: 200 }));
    const resumed = await server.until(({ id }) => id === 3);
    expect(resumed).toMatchObject({ result: { structuredContent: isAccepted } });
    expect(server.lines.map((line) => JSON.parse(line)).filter(({ id }) => id === 1)).toEqual([]);
  });

  test("is interrupted when the client is gone, which ends the process, and can be resumed", async () => {
    await using copy = await projectCopy("python-prices");
    await using server = await startInitialized(copy.home, ["--root", copy.project]);
    await server.send(toolCall(1, "heal", { waitSeconds: 0 }));
    await server.until(({ id }) => id === 1);
    server.hangUp();
    expect(await server.ended).toBe(0);
    const resumed = await runAssay(copy.home, ["resume", "last", "-C", copy.project, "--json"]);
    expect(resultOf(resumed)).toMatchObject({ outcome: "accepted", exitCode: 0 });
  });

  thorough("is interrupted by SIGTERM, which ends the process with 130", async () => {
    await using copy = await projectCopy("python-prices");
    await using server = await startInitialized(copy.home, ["--root", copy.project]);
    await server.send(toolCall(1, "heal", { waitSeconds: 0 }));
    await server.until(({ id }) => id === 1);
    process.kill(server.pid, "SIGTERM");
    expect(await server.ended).toBe(130);
    const listed = await runAssay(copy.home, ["runs", copy.project, "--json"]);
    expect(listed.stdout).toContain('"status":"paused"');
  });

  thorough("is ended for good when it is cancelled", async () => {
    await using copy = await projectCopy("python-prices");
    await using server = await connectClient(copy.home, ["--root", copy.project]);
    await server.call("heal", { waitSeconds: 0 });
    const cancelled = await server.call("cancel_run", { run: "last" });
    expect(cancelled.structuredContent).toMatchObject({ state: "cancelled", outcome: "cancelled" });
    const result = await server.call("run_result", { run: "last", waitSeconds: 200 });
    expect(result.structuredContent).toMatchObject({ state: "cancelled" });
    const again = await server.call("cancel_run", { run: "last" });
    expect(again.structuredContent).toMatchObject({ state: "cancelled" });
  });
});

thorough("evidence that is made again says nothing when it is ended before its time", async () => {
  await using copy = await projectCopy("python-prices");
  const { receipt } = resultOf(await runAssay(copy.home, ["heal", copy.project, "--json"]));
  const again = verifyAgain(receipt ?? "", { repository: copy.project, rerun: true, signal: AbortSignal.abort() });
  await expect(again).rejects.toMatchObject({ fault: { code: "interrupted" } });
});

describe("what an accepted patch is written to", () => {
  test("is the project, where the server was started for that and the caller asks for it", async () => {
    await using copy = await projectCopy("python-prices");
    await using server = await connectClient(copy.home, ["--root", copy.home, "--allow-apply"]);
    const healed = await server.call("heal", { project: "project", apply: true, waitSeconds: 200 });
    expect(healed.structuredContent).toMatchObject({ outcome: "accepted", applied: true });
    expect(await readFile(join(copy.project, "prices/discount.py"), "utf8")).toContain("quantity >= least");
  });

  thorough("is nothing otherwise, also when a person began the run with --apply", async () => {
    await using copy = await projectCopy("python-prices");
    const env = { ASSAY_CRASH_AT: "step-executed:4" };
    await runAssay(copy.home, ["heal", copy.project, "--apply", "--json"], { env });
    await using server = await connectClient(copy.home, ["--root", copy.project]);
    for (const [tool, args] of [
      ["heal", { apply: true }],
      ["resume_run", { run: "last", apply: true }],
      ["resume_run", { run: "last" }],
    ] as const) {
      const refused = await server.call(tool, args);
      expect(refused).toMatchObject({ isError: true, structuredContent: { error: { code: "usage" } } });
    }
  });
});
