import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { jsonLines, projectCopy, resultOf, runAssay } from "../support/run-assay.ts";

const bin = fileURLToPath(new URL("../../bin/assay.mjs", import.meta.url));

describe("assay heal", () => {
  test("pauses its run and exits 130 when nobody reads its output any more", async () => {
    await using copy = await projectCopy("node-prices");
    const child = spawn(process.execPath, [bin, "heal", copy.project, "--json"], {
      env: { PATH: process.env.PATH, HOME: copy.home, XDG_CONFIG_HOME: join(copy.home, "config") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const [code] = await once(child, "close");
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    const [listed] = jsonLines(await runAssay(copy.home, ["runs", copy.project, "--json"]));
    expect(listed).toMatchObject({ type: "run-listed", status: "paused" });
  });
});

describe("assay cancel", () => {
  test("refuses a run that had finished, and says how", async () => {
    await using copy = await projectCopy("node-prices");
    const { home, project } = copy;
    const healed = resultOf(await runAssay(home, ["heal", project, "--json", "--max-attempts", "1"]));
    const cancelled = await runAssay(home, ["cancel", "last", "-C", project, "--json"]);
    expect(healed.outcome).toBe("accepted");
    expect(cancelled.code).toBe(2);
    expect(resultOf(cancelled)).toMatchObject({ exitCode: 2, fault: { code: "run-finished" } });
    expect(cancelled.stderr).toMatch(/run heal-\w+ had finished before \(accepted\)/);
  });
});

describe("assay knowledge", () => {
  test("shows what a run to heal taught, writes it to a file and forgets it", async () => {
    await using copy = await projectCopy("node-prices");
    const { home, project } = copy;
    const told = async (...options: string[]) => jsonLines(await runAssay(home, ["knowledge", "--json", ...options]));
    expect(await told()).toMatchObject([{ type: "result", exitCode: 0 }]);
    expect(resultOf(await runAssay(home, ["heal", project, "--json"])).outcome).toBe("accepted");
    const known = await told();
    expect(known).toContainEqual(expect.objectContaining({ type: "method-known", language: "javascript", right: 1 }));
    const file = join(home, "lessons.jsonl");
    expect((await told("--export", file)).at(-1)).toMatchObject({ summary: `Wrote 1 attempt to ${file}.` });
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ version: 1, proposer: "search" });
    expect((await told("--export", file)).at(-1)).toMatchObject({ exitCode: 2, fault: { code: "usage" } });
    expect((await told("--reset")).at(-1)).toMatchObject({ summary: "Forgot 1 attempt." });
    expect(await told()).toHaveLength(1);
    const off = await runAssay(home, ["knowledge", "--json"], { env: { ASSAY_KNOWLEDGE: "off" } });
    expect(resultOf(off)).toMatchObject({ exitCode: 2, fault: { code: "usage" } });
  });
});

describe("the program", () => {
  /** Loads a module that breaks something while the command waits. */
  function broken(home: string, code: string) {
    const module = `data:text/javascript,${encodeURIComponent(code)}`;
    return runAssay(home, ["doctor", "--json"], { env: { NODE_OPTIONS: `--import ${module}` } });
  }

  test.each([
    ["an error that nobody caught", "setTimeout(() => { throw new Error('lost') }, 50)"],
    ["a rejection that nobody handled", "setTimeout(() => Promise.reject(new Error('lost')), 50)"],
  ])("says of %s that it is a defect, and exits 4", async (_what, code) => {
    await using copy = await projectCopy("node-prices");
    const ended = await broken(copy.home, code);
    expect(ended.code).toBe(4);
    expect(resultOf(ended)).toMatchObject({ exitCode: 4, fault: { code: "defect" } });
    expect(ended.stderr).toMatch(/^assay: this is a defect of Assay: lost$/m);
  });

  test("goes on numbering its lines when it fails after some", async () => {
    await using copy = await projectCopy("node-prices");
    // The first line is followed by a defect.
    const code = `
      const { write } = process.stdout;
      process.stdout.write = function (...parameters) {
        process.stdout.write = write;
        setImmediate(() => { throw new Error('lost') });
        return write.apply(this, parameters);
      };`;
    const module = `data:text/javascript,${encodeURIComponent(code)}`;
    const ended = await runAssay(copy.home, ["heal", copy.project, "--json"], {
      env: { NODE_OPTIONS: `--import ${module}` },
    });
    const numbers = jsonLines(ended).map(({ seq }) => seq);
    expect(ended.code).toBe(4);
    expect(numbers.length).toBeGreaterThan(1);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test.each([
    { parent: "its launcher", env: { ASSAY_DIES_WITH_LAUNCHER: "1" }, end: "SIGKILL" },
    { parent: "any other parent", env: {}, end: null },
  ])("ends with $parent that closes the channel between them: $end", async ({ env, end }) => {
    await using copy = await projectCopy("node-prices");
    const child = fork(bin, ["runs", copy.project], {
      env: { PATH: process.env.PATH, HOME: copy.home, XDG_CONFIG_HOME: join(copy.home, "config"), ...env },
      silent: true,
    });
    child.disconnect();
    const [code, signal] = await once(child, "exit");
    expect({ code, signal }).toEqual({ code: end === null ? 0 : null, signal: end });
  });
});
