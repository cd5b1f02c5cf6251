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
