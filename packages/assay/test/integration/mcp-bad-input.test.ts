import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { thorough } from "../support/depth.ts";
import { connectClient, initialize, startInitialized, startRaw, toolCall } from "../support/mcp-server.ts";
import { runAssay } from "../support/run-assay.ts";
import { readTree, scratch } from "../support/scratch.ts";

describe("assay mcp, asked for what it does not do", () => {
  test("says what is wrong and what to do, without a stack, and touches nothing", async () => {
    await using space = await scratch();
    const project = await space.tree("work/project", { "notes.txt": "", "receipt.json": "{}" });
    const outside = await space.tree("outside", { "receipt.json": "{}", "secret.txt": "" });
    await symlink(outside, join(project, "link"));
    await symlink(join(outside, "receipt.json"), join(project, "linked.json"));
    const before = await readTree(outside);
    await using server = await connectClient(space.path, ["--root", join(space.path, "work")]);
    const rows: [tool: string, args: Record<string, unknown>, code: string][] = [
      ["heal", { project: outside }, "usage"],
      ["heal", { project: "../outside" }, "usage"],
      ["heal", { project: "project/link" }, "usage"],
      ["heal", { project: join(space.path, "nowhere") }, "usage"],
      ["heal", { project: "project/nowhere" }, "not-a-project"],
      ["heal", { project: "project/notes.txt" }, "not-a-project"],
      ["heal", { project: "project\u0000" }, "usage"],
      ["heal", { project: "project", apply: true }, "usage"],
      ["heal", { project: "project", unsafeNoSandbox: true }, "usage"],
      ["heal", { project: "project", minLevel: "in-process" }, "usage"],
      ["heal", { project: "project", tests: ["--rootdir=/"] }, "usage"],
      ["heal", { project: "project", tests: Array.from({ length: 201 }, () => "a") }, "usage"],
      ["judge", { project: "project", base: "--output=/tmp/x" }, "usage"],
      ["judge", { project: "project", base: "HEAD", head: "HEAD", patch: "x" }, "usage"],
      ["judge", { project: "project" }, "usage"],
      ["verify", { receipt: join(outside, "receipt.json") }, "usage"],
      ["verify", { receipt: "project/linked.json" }, "usage"],
      ["verify", { project: "project" }, "usage"],
      ["verify", { receipt: "project/receipt.json", rerun: true, project: outside }, "usage"],
      ["run_status", { project: "project", run: "last" }, "run-not-found"],
      ["run_status", { project: "project", run: "heal-0000000000" }, "run-not-found"],
      ["run_status", { project: "project", run: "../../x" }, "run-not-found"],
      ["run_result", { project: "project", run: "heal-0000000000" }, "run-not-found"],
      ["resume_run", { project: "project", run: "heal-0000000000" }, "run-not-found"],
      ["cancel_run", { project: "project", run: "heal-0000000000" }, "run-not-found"],
    ];
    for (const [tool, args, code] of rows) {
      const answer = await server.call(tool, args);
      const asked = `${tool} ${JSON.stringify(args)}`;
      expect(answer, asked).toMatchObject({ isError: true, structuredContent: { error: { code } } });
      expect(answer.structuredContent, asked).toHaveProperty("error.remedy");
      const text = JSON.stringify(answer);
      expect(text.length, asked).toBeLessThan(4_000);
      expect(text, asked).not.toMatch(/\bat .*\.(?:ts|js|mjs):\d+/);
    }
    expect(await readTree(outside)).toEqual(before);
  });

  thorough("says of a project without tests what heal says of it", async () => {
    await using space = await scratch();
    const project = await space.tree("project", { "pyproject.toml": '[project]\nname = "p"\n', "p.py": "X = 1\n" });
    await using server = await connectClient(space.path, ["--root", project]);
    const answer = await server.call("heal", { waitSeconds: 200 });
    expect(answer.structuredContent).toMatchObject({ exitCode: 3, error: { code: "no-tests" } });
  });

  test.each([
    ["a root that is not there", ["--root", "nowhere"], "there is no folder"],
    ["keys that are not there", ["--trusted-keys", "nowhere"], "nowhere"],
  ])("does not start for %s", async (_what, args, said) => {
    await using space = await scratch();
    const ended = await runAssay(space.path, ["mcp", ...args]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain(said);
  });
});

describe("assay mcp, given lines that are no requests", () => {
  test("answers each of them with an error and goes on", async () => {
    await using space = await scratch();
    const project = await space.tree("project", {});
    await using server = await startInitialized(space.path, ["--root", project]);
    await server.send("{ this is not JSON");
    await server.until(({ error }) => (error as { code: number } | undefined)?.code === -32700);
    await server.send('{"jsonrpc":"1.0","method":7}');
    await server.until(({ error }) => (error as { code: number } | undefined)?.code === -32600);
    await server.send(
      `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"x":"${"x".repeat(20 * 1024 * 1024)}"}}`,
    );
    const long = await server.until(({ error }) => /may have \d+ bytes/.test(JSON.stringify(error ?? "")));
    expect(long).toMatchObject({ error: { code: -32600 } });
    const nested = `${"[".repeat(500_000)}${"]".repeat(500_000)}`;
    await server.send(
      `{"jsonrpc":"2.0","id":"deep","method":"tools/call","params":{"name":"list_runs","arguments":{"x":${nested}}}}`,
    );
    await server.send(toolCall("after", "list_runs", {}));
    const after = await server.until(({ id }) => id === "after");
    expect(after).toMatchObject({ result: { structuredContent: { runs: [] } } });
    for (const line of server.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
    server.hangUp();
    expect(await server.ended).toBe(0);
    expect(server.log()).not.toMatch(/\bat .*\.(?:ts|js|mjs):\d+/);
  });

  thorough("answers unknown methods and tools as the protocol does", async () => {
    await using space = await scratch();
    const project = await space.tree("project", {});
    await using server = await startInitialized(space.path, ["--root", project]);
    await server.send({ jsonrpc: "2.0", id: 1, method: "tools/nothing" });
    expect(await server.until(({ id }) => id === 1)).toMatchObject({ error: { code: -32601 } });
    for (const [id, name] of [
      [2, "nothing"],
      [3, "__proto__"],
      [4, "constructor"],
    ] as const) {
      await server.send(toolCall(id, name, {}));
      expect(await server.until((message) => message.id === id)).toMatchObject({ error: { code: -32602 } });
    }
  });

  thorough("refuses more requests at the same time than it takes, and answers those it took", async () => {
    await using space = await scratch();
    const project = await space.tree("project", {});
    await using server = await startInitialized(space.path, ["--root", project]);
    const calls = Array.from({ length: 200 }, (_, id) => JSON.stringify(toolCall(id, "list_runs", {})));
    await server.send(calls.join("\n"));
    for (let each = 0; each < 200; each++) await server.until(({ id }) => id === each);
    const answers = server.lines.map((line) => JSON.parse(line)).filter(({ id }) => typeof id === "number");
    expect(answers).toHaveLength(200);
    expect(answers.filter(({ result }) => result?.isError === false).length).toBeGreaterThanOrEqual(32);
    for (const { error } of answers.filter((answer) => answer.error !== undefined)) {
      expect(error).toMatchObject({ code: -32603, message: expect.stringContaining("requests wait") });
    }
  });
});

test("assay mcp keeps what a library prints out of the protocol", async () => {
  await using space = await scratch();
  const project = await space.tree("project", {});
  const noise = 'process.on("SIGUSR2", () => { console.log("noise"); console.info("noise"); })';
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(noise)}` };
  await using server = await startInitialized(space.path, ["--root", project], env);
  process.kill(server.pid, "SIGUSR2");
  await server.said(/noise/);
  await server.send(toolCall(1, "list_runs", {}));
  await server.until(({ id }) => id === 1);
  expect(server.lines.join("\n")).not.toContain("noise");
});

describe("assay mcp, asked without a handshake", () => {
  const meta = (version: string) => ({
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  });

  test("answers each request of 2026-07-28 by itself", async () => {
    await using space = await scratch();
    const project = await space.tree("project", {});
    await using server = startRaw(space.path, ["--root", project]);
    await server.send(toolCall(1, "list_runs", {}, meta("2026-07-28")));
    const answer = await server.until(({ id }) => id === 1);
    expect(answer).toMatchObject({ result: { isError: false, structuredContent: { runs: [] } } });
  });

  test("says which revisions there are to who asks in one that there is not", async () => {
    await using space = await scratch();
    const project = await space.tree("project", {});
    await using server = startRaw(space.path, ["--root", project]);
    await server.send(toolCall(1, "list_runs", {}, meta("2031-01-01")));
    const refused = await server.until(({ id }) => id === 1);
    expect(refused).toMatchObject({ error: { data: { supported: ["2026-07-28"], requested: "2031-01-01" } } });
    await server.send(initialize("2025-06-18"));
    expect(await server.until(({ id }) => id === "hello")).toHaveProperty("result.protocolVersion", "2025-06-18");
  });
});
