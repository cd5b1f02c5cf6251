import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Daemon, daemonEnv } from "../support/daemon.ts";
import { thorough } from "../support/depth.ts";
import { connectClient } from "../support/mcp-server.ts";
import { type Ended, jsonLines, projectCopy, runAssay } from "../support/run-assay.ts";

type Lines = Record<string, unknown>[];

/** What differs between any two runs: times, ids, what is measured, and how many were tried: what hung on a slow machine is tried again. */
const variable = new Set([
  ...["at", "runId", "run", "startedAt", "lastEventAt", "owner", "durationMs", "keyid"],
  ...["tried", "candidatesTried"],
]);

/** The lines of a `--json` stream without what differs between any two runs. */
function comparable(ended: Ended): Lines {
  return jsonLines(ended).map((line) => withoutVariable(line) as Record<string, unknown>);
}

function withoutVariable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutVariable);
  if (typeof value === "string") return withoutNames(value);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !variable.has(name) && !/Ms$|Digest$|^spent$/.test(name));
  return Object.fromEntries(entries.map(([name, held]) => [name, withoutVariable(held)]));
}

function withoutNames(text: string): string {
  return (
    text
      .replace(/\b[a-z]+-[0-9a-z]{16}\b/g, "RUN")
      .replace(/sha256:[0-9a-f]{64}/g, "DIGEST")
      .replace(/\/tmp\/assay-heal-\w+/g, "HOME")
      .replace(/^\{"host":.*\}$/, "OWNER")
      .replace(/wallMs \d+/g, "wallMs TIME")
      .replace(/\d+ candidates tried/g, "COUNT candidates tried")
      // Two observations that took the same time have the same content.
      .replace(/unchanged \(\d+\)/g, "unchanged (COUNT)")
      .replace(/\d+(?:\.\d+)? m?s\b/g, "TIME")
      .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z| UTC)?/g, "TIME")
  );
}

/** The same commands in the same order on a copy of the same project. */
async function session(withDaemon: boolean): Promise<{ codes: (number | null)[]; streams: Lines[]; text: string }> {
  await using copy = await projectCopy("python-prices");
  await using _daemon = withDaemon ? await Daemon.start(copy.home, copy.project) : undefined;
  const env = daemonEnv(copy.home);
  const ended: Ended[] = [];
  const assay = async (...args: string[]) => {
    ended.push(await runAssay(copy.home, [...args, "--json"], { env }));
  };
  const at = ["-C", copy.project];
  await assay("runs", copy.project);
  await assay("show", "last", ...at);
  await assay("heal", copy.project);
  const file = join(copy.project, "prices/discount.py");
  const before = await readFile(file, "utf8");
  await writeFile(file, `${before}# changed since\n`);
  await assay("resume", "last", "--apply", ...at);
  await writeFile(file, before);
  await assay("heal", copy.project, "--max-attempts", "1", "--approve", "before-apply");
  await assay("runs", copy.project);
  await assay("approve", "last", "--by", "Ada", ...at);
  await assay("approve", "last", "--reject", ...at);
  await assay("resume", "last", ...at);
  await assay("show", "last", ...at);
  await assay("show", "last", "--audit", ...at);
  await assay("cancel", "last", ...at);
  await assay("heal", copy.project);
  await assay("heal", copy.project, "--tests", "tests/no-such-test.py");
  await assay("heal", copy.project, "--proposer", "agent:nobody");
  await assay("resume", "heal-0000000000000000", ...at);
  const text = await readFile(file, "utf8");
  return { codes: ended.map(({ code }) => code), streams: ended.map(comparable), text };
}

describe("the command line", () => {
  thorough(
    "prints the same and ends the same with a daemon and without",
    async () => {
      const alone = await session(false);
      const served = await session(true);
      expect(served.codes).toEqual(alone.codes);
      for (const [index, lines] of alone.streams.entries()) expect(served.streams[index]).toEqual(lines);
      expect(served.text).toBe(alone.text);
      expect(alone.text).toContain("quantity >= least");
      // Thirty commands, three of which heal.
    },
    1_200_000,
  );

  test("interrupts the daemon's run on Ctrl-C, and goes on with it", async () => {
    await using copy = await projectCopy("python-prices");
    await using daemon = await Daemon.start(copy.home, copy.project);
    const env = daemonEnv(copy.home);
    let told = false;
    const interrupted = await runAssay(copy.home, ["heal", copy.project, "--json"], {
      env,
      onStdout: (text, pid) => {
        if (told || !text.includes('"step-finished"')) return;
        told = true;
        process.kill(pid, "SIGINT");
      },
    });
    expect(interrupted.code).toBe(130);
    expect(jsonLines(interrupted).at(-1)).toMatchObject({ type: "result", fault: { code: "interrupted" } });
    const [run] = (await daemon.client().runs.list()).items;
    expect(run).toMatchObject({ status: "paused" });
    const resumed = await runAssay(copy.home, ["resume", "last", "-C", copy.project, "--json"], { env });
    expect(resumed.code).toBe(0);
    const types = jsonLines(resumed).map(({ type }) => type);
    expect(types).not.toContain("run-started");
  });

  test("serves agents by MCP through the daemon", async () => {
    await using copy = await projectCopy("python-prices");
    await using daemon = await Daemon.start(copy.home, copy.project);
    await using server = await connectClient(copy.home, ["--root", copy.project]);
    const healed = await server.call("heal", { waitSeconds: 200 });
    expect(healed).toMatchObject({ structuredContent: { state: "finished", outcome: "accepted" } });
    const { runId } = healed.structuredContent as { runId: string };
    expect((await daemon.client().runs.list()).items).toMatchObject([{ run: runId, outcome: "accepted" }]);
    const listed = await server.call("list_runs", {});
    expect(JSON.stringify(listed.structuredContent)).toContain(runId);
  });

  test("does by itself what a dead daemon cannot, and says what a living one cannot be asked", async () => {
    await using copy = await projectCopy("python-prices");
    const env = daemonEnv(copy.home);
    const killed = await Daemon.start(copy.home, copy.project);
    const refused = await runAssay(copy.home, ["heal", copy.project, "--unsafe-no-sandbox", "--json"], { env });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("the daemon runs nothing without a sandbox");
    await killed.kill("SIGKILL");
    expect((await runAssay(copy.home, ["runs", copy.project, "--json"], { env })).code).toBe(0);

    // It lives, and nobody answers where it says it is.
    await using living = await Daemon.start(copy.home, copy.project);
    const file = join(copy.project, ".assay/daemon.json");
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, "utf8")), url: "http://127.0.0.1:9" }));
    const unreachable = await runAssay(copy.home, ["runs", copy.project, "--json"], { env });
    expect(unreachable.code).toBe(4);
    expect(unreachable.stderr).toContain(`assay serve (process ${living.pid}) owns this project, lives and does not`);
  });
});
