import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer as createRawServer } from "node:net";
import { join } from "node:path";
import { describe, expect, type TestContext, test } from "vitest";
import type { Proposal, ProposalRequest } from "#ports";
import type { AgentProposerOptions } from "#proposers";
import { BubblewrapSandbox, ContainerSandbox, UnsafeHostSandbox } from "#sandbox";
import { agentFiles, agentProject, scriptedAgent } from "../support/agent-session.ts";
import { thorough } from "../support/depth.ts";
import { readTree } from "../support/scratch.ts";

const probe = await new BubblewrapSandbox().probe();

type Changes = { config?: object; options?: Partial<AgentProposerOptions>; request?: Partial<ProposalRequest> };

/** Lets the scripted agent work on the project; checks that neither the project nor its snapshot changed and nothing was left. */
async function proposal(context: TestContext, words: readonly [string, ...string[]], changes: Changes = {}) {
  if (probe.kind === "unavailable") context.skip(probe.fault.message);
  await using project = await agentProject();
  const proposer = project.proposer({ ...scriptedAgent(...words), ...changes.config }, changes.options);
  const proposed = await proposer.propose({ ...project.request, ...changes.request });
  expect(await readTree(project.root)).toEqual(agentFiles);
  expect(await readTree(project.snapshot.directory)).toEqual(agentFiles);
  expect(existsSync(join(project.space.path, "outside.js"))).toBe(false);
  expect(await readdir(join(project.state, "workspaces")).catch(() => [])).toEqual([]);
  const [candidate] = proposed.candidates;
  const derived = candidate && (await project.workspaces.derive(project.snapshot, candidate.edits));
  const files = derived?.kind === "derived" ? await readTree(derived.snapshot.directory) : undefined;
  return { ...proposed, files };
}

const fixedFiles = { ...agentFiles, "add.js": "export const add = (a, b) => a + b;\n" };
/** What the agent said, as JSON; where it said nothing, what happened instead. */
function said({ session, fault, reason }: Proposal) {
  if (session === undefined || session.said === "") throw new Error(JSON.stringify({ session, fault, reason }));
  return JSON.parse(session.said);
}

describe("an agent in its sandbox", () => {
  test("that fixes the bug gives one candidate: the difference that it left", async (context) => {
    const shown: (string | undefined)[] = [];
    const result = await proposal(context, ["fix"], { request: { onProgress: ({ current }) => shown.push(current) } });
    expect(result.fault).toBeUndefined();
    expect(result.candidates).toMatchObject([
      { edits: [{ kind: "diff" }], provenance: { proposer: "agent", method: "scripted" } },
    ]);
    expect(result.files).toEqual(fixedFiles);
    expect(result.session).toMatchObject({ end: "ended by itself: end_turn", said: "I fixed it.", left: [] });
    expect(shown).toContain("doing fix");
  });

  test("that says all tests pass and changes nothing gives no candidate", async (context) => {
    const result = await proposal(context, ["lie"]);
    expect(result.candidates).toEqual([]);
    expect(result.reason).toContain("it changed nothing (ended by itself: end_turn); it said: All tests pass now");
  });

  test("that edits the tests gives a candidate that shows it, for the judge", async (context) => {
    const { candidates, files } = await proposal(context, ["edit-tests"]);
    expect(candidates[0]?.provenance.summary).toContain("test/add.test.js");
    expect(files?.["test/add.test.js"]).toBe("// nothing is tested\n");
  });

  test("that leaves links, pipes and dependencies gives the rest", async (context) => {
    const { files, session } = await proposal(context, ["leave-things"]);
    expect(files).toEqual(fixedFiles);
    expect(
      session?.left
        .map(({ path }) => path)

        .sort(),
    ).toEqual(["node_modules", "passwd.js", "pipe"]);
  });

  test("that puts a link in a file's place, or leaves too much, gives nothing, with the reason", async (context) => {
    const linked = await proposal(context, ["replace-by-link"]);
    expect([linked.candidates, linked.reason]).toEqual([
      [],
      expect.stringContaining("add.js was a file and is a link now"),
    ]);
    const huge = await proposal(context, ["huge-file"]);
    expect([huge.candidates, huge.reason]).toEqual([
      [],
      expect.stringContaining("huge.js has more than 2097152 bytes"),
    ]);
  });

  test("writes nothing outside its workspace", async (context) => {
    const written: string[] = said(await proposal(context, ["write-outside"]));
    // The folder above is one of the sandbox's own /tmp, where the project's path was made.
    expect(written.filter((path) => !path.startsWith("/tmp/"))).toEqual([]);
  });

  test("finds no home, no secret and no network, and is told so by the proxy", async (context) => {
    process.env.ASSAY_TEST_SECRET = "the user's secret";
    const server = createRawServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const result = await proposal(context, ["spy", target]);
      const { environment, ...found } = said(result);
      expect(found).toEqual({ home: [], secretFiles: [], direct: false, tunnel: 403 });
      expect(environment).not.toContain("the user's secret");
      expect(result.session?.egress).toMatchObject({ requests: 0, refused: 1, refusals: [target] });
      const allowed = await proposal(context, ["spy", target], { config: { allowHosts: [target] } });
      expect(said(allowed)).toMatchObject({ direct: false, tunnel: 200 });
      expect(allowed.session?.egress).toMatchObject({
        requests: 1,
        refused: 0,
        hosts: [{ host: target, requests: 1 }],
      });
    } finally {
      delete process.env.ASSAY_TEST_SECRET;
      server.close();
    }
  });

  test("reaches an upstream with the credential that it never sees", async (context) => {
    const seen: { url: string | undefined; headers: IncomingMessage["headers"]; body: string }[] = [];
    const server = createServer(async (asked, answer) => {
      let body = "";
      for await (const chunk of asked) body += chunk;
      seen.push({ url: asked.url, headers: asked.headers, body });
      answer.setHeader("x-echo", String(asked.headers["x-api-key"])).end(`you sent ${asked.headers["x-api-key"]}`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
    const upstreams = [{ name: "fake", baseUrl, header: "X-Api-Key", keyEnv: "FAKE_KEY" }];
    try {
      const result = await proposal(context, ["upstream"], {
        config: { upstreams },
        options: { credential: (name) => (name === "FAKE_KEY" ? "sk-very-secret" : undefined) },
      });
      expect(said(result)).toEqual({
        answers: [
          { status: 200, text: "you sent **************" },
          { status: 403, text: expect.stringContaining("leaves the upstream's base URL") },
          { status: 403, text: expect.stringContaining("leaves the upstream's base URL") },
        ],
        key: "assay-adds-the-key",
      });
      expect(seen).toMatchObject([
        { url: "/api/v1/messages?x=1", headers: { "x-api-key": "sk-very-secret" }, body: '{"model":"x"}' },
      ]);
      expect(JSON.stringify(result)).not.toContain("sk-very-secret");
      const without = await proposal(context, ["upstream"], { config: { upstreams } });
      expect(without.fault).toMatchObject({ code: "agent-failed", remedy: "set FAKE_KEY" });
    } finally {
      server.close();
    }
  });

  test("that does not end is asked to, then ended; what it left is judged like anything else", async (context) => {
    // Long enough for it to start and write on any machine; all three at once.
    const wallMsMax = 20_000;
    const [polite, stubborn, busy] = await Promise.all([
      proposal(context, ["forever"], { config: { wallMsMax } }),
      proposal(context, ["stubborn"], { options: { idleMsMax: wallMsMax } }),
      proposal(context, ["stubborn", "busy"], { config: { wallMsMax }, options: { idleMsMax: 19_000 } }),
    ]);
    expect([polite.files, polite.session?.end]).toEqual([fixedFiles, "time up after 20000 ms"]);
    expect([stubborn.files, stubborn.session?.end]).toEqual([fixedFiles, "silent for 20000 ms"]);
    expect([busy.candidates, busy.session?.end]).toEqual([[], "time up after 20000 ms"]);
  });

  test("that crashes, does not start, wants a login or speaks otherwise is a fault, and nothing it left is taken", async (context) => {
    const crash = await proposal(context, ["crash"]);
    expect([crash.candidates, crash.fault]).toMatchObject([[], { code: "agent-failed" }]);
    expect(crash.fault?.message).toContain("exit code 3: segmentation fault, sort of");
    const missing = await proposal(context, ["fix"], { config: { command: ["no-such-agent"] } });
    expect(missing.fault?.message).toContain("cannot be started");
    expect((await proposal(context, ["login"])).fault?.message).toContain("wants somebody to log in");
    expect((await proposal(context, ["old"])).fault?.message).toContain("version 0 of the protocol");
  });

  test("that asks for permission gets it for its workspace, and no file of ours", async (context) => {
    const result = await proposal(context, ["ask"]);
    expect(said(result)).toEqual({ outcomes: ["allow_once", "reject_once", "reject_once"], read: -32601 });
    expect(result.session?.permissions.map(({ allowed }) => allowed)).toEqual([true, false, false]);
  });

  test("that floods is ended", async (context) => {
    const { fault, candidates } = await proposal(context, ["flood"], {
      options: { bounds: { messagesMax: 2_000, charactersMax: 10_000_000, strayLinesMax: 10 } },
    });
    expect([candidates, fault]).toMatchObject([
      [],
      { code: "agent-failed", message: expect.stringContaining("more than 2000 messages") },
    ]);
  });

  test("that prints what is no message is understood all the same", async (context) => {
    expect((await proposal(context, ["print"])).files).toEqual(fixedFiles);
  });

  test("that is interrupted says nothing of it", async (context) => {
    const controller = new AbortController();
    const onProgress: ProposalRequest["onProgress"] = ({ current }) =>
      current?.startsWith("doing") && controller.abort();
    const interrupted = proposal(context, ["forever"], { request: { signal: controller.signal, onProgress } });
    await expect(interrupted).rejects.toMatchObject({ fault: { code: "interrupted" } });
  });

  test("does not run where nothing isolates it", async (context) => {
    const { fault, session } = await proposal(context, ["fix"], { options: { sandbox: new UnsafeHostSandbox() } });
    expect([fault?.code, session]).toEqual(["no-isolation", undefined]);
  });

  thorough("is held the same way in a container", async (context) => {
    const sandbox = new ContainerSandbox();
    const engine = await sandbox.probe();
    if (engine.kind === "unavailable") context.skip(engine.fault.message);
    const result = await proposal(context, ["fix"], { options: { sandbox } });
    expect([result.fault, result.files]).toEqual([undefined, fixedFiles]);
    const spy = said(await proposal(context, ["spy", "127.0.0.1:1"], { options: { sandbox } }));
    expect(spy).toMatchObject({ home: [], secretFiles: [], direct: false, tunnel: 403 });
  });

  test("is held the same way when an ordinary user runs Assay", (context) => {
    if (process.getuid?.() !== 0) context.skip("only root can become another user");
    if (probe.kind === "unavailable") context.skip(probe.fault.message);
    const steps = join(import.meta.dirname, "..", "support", "agent-steps.ts");
    const asOrdinary = ["setpriv", "--reuid=1234", "--regid=1234", "--clear-groups", process.execPath];
    const run = (...words: string[]) => {
      const [file = "", ...args] = [...asOrdinary, ...words];
      return spawnSync(file, args, { encoding: "utf8", env: { PATH: process.env.PATH } });
    };
    if (run("--check", steps).status !== 0) context.skip("an ordinary user cannot run this checkout");
    const { stdout, stderr } = run(steps);
    expect(stderr).toBe("");
    const [fix, spy] = JSON.parse(stdout);
    expect(fix).toEqual({ candidates: 1, end: "ended by itself: end_turn", said: "I fixed it." });
    expect(JSON.parse(spy.said)).toMatchObject({ home: [], secretFiles: [], direct: false, tunnel: 403 });
  });
});
