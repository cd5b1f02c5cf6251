import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { raise, runId } from "#domain";
import type { Journal } from "#ports";
import { ProcessOwners } from "#store";
import { goal, workflow } from "../../../test/support/engine-parts.ts";
import { scratch } from "../../../test/support/scratch.ts";
import { Drive, type DrivenProject } from "./drive.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.ts";

const run = runId("heal-00000001");

function open(directory: string, options: Partial<SupervisorOptions> = {}): Promise<Supervisor> {
  return Supervisor.open(directory, { owners: new ProcessOwners(), runsMax: 2, queuedMax: 9, ...options });
}

/** A run that is at no checkpoint until it is let. */
function unending() {
  const checkpoint = Promise.withResolvers<void>();
  const project: DrivenProject = {
    tenant: "default",
    resume: async () => {
      await checkpoint.promise;
      return raise("stopped", "an emergency stop is in force");
    },
  };
  return { drive: new Drive(project, run, {}), end: () => checkpoint.resolve() };
}

test("a run that meets a locked database, and could not even be paused, is tried again", async () => {
  await using place = await scratch();
  const disk = { isLocked: false };
  const ended = Promise.withResolvers<string>();
  const flow = workflow((handle) => handle.step("one", {}, () => "well"));
  await using supervisor = await open(place.path, {
    services: async ({ journal }) => ({ engine: { journal: lockable(journal, disk), workflows: [flow] } }),
    onEnd: (_drive, end) => ended.resolve(end.kind === "driven" ? end.driven.result.outcome : end.fault.code),
  });
  const desk = await supervisor.desk("default");
  const { project } = desk;
  // Nothing of it needs a sandbox.
  project.resume = async (name, { onEvent }) => {
    const follow: typeof onEvent = (event) => {
      // The first claim is the last that is written.
      if (event.type === "lease-claimed") disk.isLocked = event.seq === 2;
      onEvent?.(event);
    };
    try {
      return { runId: name, result: (await project.engine.resume(name, { onEvent: follow })).result };
    } finally {
      disk.isLocked = false;
    }
  };
  const made = await project.engine.create(flow, goal);
  await desk.resume(made, {});
  expect(await ended.promise).toBe("accepted");
  const events = await project.journal.read(made);
  expect(events.filter(({ type }) => type === "lease-claimed").length).toBe(2);
});

test("a lift waits for no run, with a stop in force and without", async () => {
  await using place = await scratch();
  await using supervisor = await open(place.path);
  const { drive, end } = unending();
  supervisor.drives.add(drive);
  await supervisor.lift("default");
  expect(await supervisor.stop("default", "drill")).toBe(true);
  await supervisor.lift("default");
  expect([supervisor.stopped("default"), drive.state]).toEqual([undefined, "running"]);
  end();
});

test("a stop that is given while a lift waits for the disk stays in force, over a restart too", async () => {
  await using place = await scratch();
  let lifted = 0;
  {
    await using supervisor = await open(place.path);
    await supervisor.stop("default", "first");
    using other = new DatabaseSync(join(supervisor.state, "journal.sqlite"));
    other.exec("BEGIN IMMEDIATE");
    const lifting = supervisor.lift("default", () => lifted++).catch((error) => error);
    await new Promise(setImmediate);
    const saved = supervisor.stop("default", "second");
    other.exec("COMMIT");
    expect(await lifting).toMatchObject({ fault: { code: "stopped" } });
    expect([await saved, supervisor.stopped("default"), lifted]).toEqual([true, "second", 0]);
  }
  await using supervisor = await open(place.path);
  expect(supervisor.stopped("default")).toBe("second");
});

function lockable(journal: Journal, disk: { isLocked: boolean }): Journal {
  return {
    append: async (request) =>
      disk.isLocked ? raise("run-locked", "the database is locked") : journal.append(request),
    read: (...at) => journal.read(...at),
    runs: () => journal.runs(),
    tail: (...at) => journal.tail(...at),
    head: () => journal.head(),
    watch: (listener) => journal.watch(listener),
    remove: (...at) => journal.remove(...at),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
