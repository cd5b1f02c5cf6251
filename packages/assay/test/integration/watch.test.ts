import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunEventBody } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { type DaemonAddress, openProjectEvents } from "#app";
import { runId } from "#domain";
import { SqliteJournal } from "#store";
import { serveEventsOf } from "../fakes/event-server.ts";
import { appendTo, note, noted } from "../support/noting.ts";
import { jsonLines, resultOf, runAssay } from "../support/run-assay.ts";

const other = runId("heal-other0001");
const rejected: RunEventBody = { type: "result", outcome: "rejected", exitCode: 1, summary: "It breaks a test." };

/** A project with state that the program, or else `make`, has made, and its journal as another process has it open. */
async function place(
  make: (home: string, project: string) => Promise<void> = assayRuns,
): Promise<{ home: string; project: string; journal: SqliteJournal } & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), "assay-watch-"));
  const project = join(home, "project");
  await mkdir(project);
  await make(home, project);
  const journal = await SqliteJournal.open(join(project, ".assay", "journal.sqlite"));
  return {
    home,
    project,
    journal,
    async [Symbol.asyncDispose]() {
      await journal[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

describe("assay watch RUN", () => {
  test("shows a run from its beginning, goes on while another process executes it, and ends with its exit code", async () => {
    await using at = await place();
    await note(at.journal, ["before"]);
    await note(at.journal, ["of another run"], other);
    let shown = "";
    const ended = await runAssay(at.home, ["watch", noted, "-C", at.project], {
      onStdout: (text) => {
        const hadBegun = shown.includes("before");
        shown += text;
        if (!hadBegun && shown.includes("before"))
          void note(at.journal, ["after"]).then(() => appendTo(at.journal, [rejected]));
      },
    });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/info +before\n.*info +after\n\n {2}rejected {2}It breaks a test\.\n/);
    expect(ended.stdout).not.toContain("another");
  });

  test("prints the same events as JSON Lines, of the types asked for, the result last", async () => {
    await using at = await place();
    await appendTo(at.journal, [{ type: "run-cancelled", by: "Ada" }]);
    await note(at.journal, ["not asked for"]);
    await appendTo(at.journal, [rejected]);
    const ended = await runAssay(at.home, ["watch", "last", "--types", "run-cancelled", "--json", "-C", at.project]);
    expect(ended.code).toBe(1);
    expect(jsonLines(ended)).toMatchObject([
      { type: "run-cancelled", seq: 1, runId: noted },
      { type: "result", outcome: "rejected", runId: noted },
    ]);
  });

  test("refuses a run or a type that there is not", async () => {
    await using at = await place();
    const asked = async (...args: string[]) =>
      resultOf(await runAssay(at.home, ["watch", ...args, "--json", "-C", at.project]));
    expect(await asked(other)).toMatchObject({ exitCode: 2, fault: { code: "run-not-found" } });
    expect(await asked("last")).toMatchObject({ exitCode: 2, fault: { code: "run-not-found" } });
    expect(await asked("--types", "bogus")).toMatchObject({ exitCode: 2, fault: { code: "usage" } });
  });
});

describe("assay watch", () => {
  test("shows all runs from now on, each line with its run, until Ctrl-C", async () => {
    await using at = await place();
    await note(at.journal, ["before"]);
    let shown = "";
    let asked = false;
    const attention = setInterval(() => void note(at.journal, ["tick"]), 100);
    const ended = await runAssay(at.home, ["watch", "-C", at.project], {
      onStdout: (text, pid) => {
        shown += text;
        if (!asked && shown.includes("tick")) {
          asked = true;
          clearInterval(attention);
          void appendTo(at.journal, [rejected], other);
        }
        if (shown.includes("It breaks a test.")) process.kill(pid, "SIGINT");
      },
    });
    clearInterval(attention);
    expect(ended.code).toBe(130);
    expect(ended.stdout).toMatch(/^heal-noted0001 +· info +tick$/m);
    expect(ended.stdout).toMatch(/^heal-other0001 +rejected {2}It breaks a test\.$/m);
    expect(ended.stdout).not.toContain("before");
  });
});

async function assayRuns(home: string, project: string): Promise<void> {
  expect((await runAssay(home, ["runs", project])).code).toBe(0);
}

/** State belongs to who made it. */
async function ownState(_home: string, project: string): Promise<void> {
  await (await openProjectEvents(project, async () => undefined))[Symbol.asyncDispose]();
}

describe("a project's events", () => {
  test("are followed through a daemon that stops, one that starts with another key, and without one", async () => {
    await using at = await place(ownState);
    let daemon: DaemonAddress | undefined;
    let server = await serveEventsOf(at.journal, { keys: ["first"] });
    daemon = { url: server.url, key: "first" };
    await using events = await openProjectEvents(at.project, async () => daemon);
    const controller = new AbortController();
    const shown = events.follow({ after: 0 }, controller.signal);
    const next = async () => {
      const { event } = (await shown.next()).value ?? {};
      return event?.type === "note" ? event.message : undefined;
    };
    await note(at.journal, ["of the first"]);
    expect(await next()).toBe("of the first");

    await server[Symbol.asyncDispose]();
    server = await serveEventsOf(at.journal, { keys: ["second"] });
    daemon = { url: server.url, key: "second" };
    await note(at.journal, ["of the second"]);
    expect(await next()).toBe("of the second");

    const direct = next();
    await server[Symbol.asyncDispose]();
    daemon = undefined;
    await note(at.journal, ["of the journal"]);
    expect(await direct).toBe("of the journal");

    const waiting = shown.next();
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test("are refused by a daemon that does not take its own key", async () => {
    await using at = await place(ownState);
    await using server = await serveEventsOf(at.journal, { keys: ["another"] });
    await using events = await openProjectEvents(at.project, async () => ({ url: server.url, key: "stale" }));
    const refused = events.follow({ after: 0 }, AbortSignal.any([])).next();
    await expect(refused).rejects.toMatchObject({ status: 401, code: "unauthorized" });
  });
});
