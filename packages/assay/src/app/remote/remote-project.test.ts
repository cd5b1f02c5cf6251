import { spawnSync } from "node:child_process";
import type { Goal } from "@assay/sdk";
import { expect, test } from "vitest";
import { runId } from "#domain";
import { MemoryApiKeys, MemoryMutationLog } from "#store";
import { FakeProject } from "../../../test/fakes/fake-project.ts";
import { httpDaemon, localKey } from "../../../test/support/http-daemon.ts";
import { RemoteProject } from "./remote-project.ts";

test("a cancelled run has its recorded result while the daemon still does something for it", async () => {
  const fake = new FakeProject();
  const { run } = fake.addRun("default");
  const handlers = fake.handlers(new MemoryApiKeys(), new MemoryMutationLog());
  const recorded = { type: "result", outcome: "cancelled", exitCode: 130, summary: "cancelled by the user" } as const;
  await using daemon = await httpDaemon({
    handlers: {
      ...handlers,
      readRun: async (call) => {
        const { result: _result, ...detail } = await handlers.readRun(call);
        return { ...detail, status: "running" };
      },
      readEvents: async () => ({ items: [{ ...recorded, seq: 1, at: 1, runId: run }], lastSeq: 1 }),
    },
  });
  await using project = await RemoteProject.open("/project", { url: daemon.url, key: localKey, pid: 1 }, {});
  expect(await project.cancel(runId(run))).toEqual(recorded);
});

test("a run whose daemon ends is left waiting, under its id", async () => {
  const fake = new FakeProject();
  const handlers = fake.handlers(new MemoryApiKeys(), new MemoryMutationLog());
  const gone = spawnSync("true").pid;
  const daemon = await httpDaemon({
    handlers: {
      ...handlers,
      readRun: async (call) => {
        const { result: _result, ...detail } = await handlers.readRun(call);
        return { ...detail, status: "running", events: 1 };
      },
      readEvents: async ({ params }) => ({
        items: [{ type: "run-cancelled", by: "ada", seq: 1, at: 1, runId: runId(params.run) }],
        lastSeq: 1,
      }),
    },
  });
  let ended: PromiseLike<void> | undefined;
  const onEvent = () => {
    ended ??= daemon[Symbol.asyncDispose]();
  };
  await using project = await RemoteProject.open(
    "/project",
    { url: daemon.url, key: localKey, pid: gone },
    { onEvent },
  );
  const goal = { kind: "heal", root: "/project", tests: [], apply: false } satisfies Goal;
  const { result, runId: run } = await project.start(goal, {});
  await ended;
  expect(result).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "stopped" } });
  expect(result.summary).toContain(`run ${run} waits`);
});

test("a daemon that lives and does not answer is named by its process", async () => {
  const daemon = { url: "http://127.0.0.1:9", key: localKey, pid: process.pid };
  await expect(RemoteProject.open("/project", daemon, {})).rejects.toThrow(
    `assay serve (process ${process.pid}) owns this project, lives and does not answer: `,
  );
});

test("`last` is the newest run that is no part of another", async () => {
  const fake = new FakeProject();
  const [plan, part] = [fake.addRun("default"), fake.addRun("default")];
  const handlers = fake.handlers(new MemoryApiKeys(), new MemoryMutationLog());
  await using daemon = await httpDaemon({
    handlers: { ...handlers, listRuns: async () => ({ items: [{ ...part, partOf: plan.run }, plan] }) },
  });
  await using project = await RemoteProject.open("/project", { url: daemon.url, key: localKey, pid: 1 }, {});
  expect(await project.find("last")).toBe(plan.run);
});
