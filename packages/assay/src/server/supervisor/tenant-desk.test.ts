import { describe, expect, test } from "vitest";
import { FaultError, fault, type RunId, raise } from "#domain";
import { defaultTenant, type Journal, type RequestLog } from "#ports";
import { MemoryJournal } from "#store";
import { accepted, goal, memoryEngine, Village } from "../../../test/support/engine-parts.ts";
import { MapSettings } from "../../../test/support/map-settings.ts";
import type { DriveRequest } from "./drive.ts";
import { Drives } from "./drives.ts";
import { RunBook } from "./run-book.ts";
import { type DeskProject, TenantDesk } from "./tenant-desk.ts";

const stopped = fault("stopped", "the daemon stopped");
const noRequests: RequestLog = { reserve: async ({ run, digest }) => ({ run, digest }) };

/** A process that works on a journal and settings until it is killed; its runs go on until they are told to end. */
class Life {
  readonly journal: Journal;
  readonly desk: TenantDesk<DeskProject>;
  readonly drives = new Drives({ runsMax: 1, queuedMax: 5 });
  readonly asked: [RunId, DriveRequest][] = [];
  readonly begun = new Map<RunId, PromiseWithResolvers<void>>();
  stop: string | undefined;
  onMade: () => void = () => undefined;

  constructor(village: Village, name: string, journal: Journal, settings: MapSettings) {
    this.journal = journal;
    const owners = village.owner(name);
    const engine = memoryEngine({ journal, owners });
    const project: DeskProject = {
      tenant: defaultTenant,
      journal,
      engine,
      create: async (made, _budget, run) => {
        const created = await engine.create({ name: "heal", version: 1 }, made, run === undefined ? {} : { run });
        this.onMade();
        return created;
      },
      resume: async (run, { signal, onEvent, onProgress: _onProgress, slot: _slot, ...request }) => {
        this.asked.push([run, request]);
        const expectedSeq = (await journal.read(run)).length;
        const claim = await journal.append({
          run,
          expectedSeq,
          events: [{ type: "lease-claimed", owner: name }],
          idempotencyKey: `claim:${expectedSeq}`,
        });
        if (claim.kind === "appended") for (const event of claim.events) onEvent?.(event);
        const end = Promise.withResolvers<void>();
        this.begun.set(run, end);
        signal?.addEventListener("abort", () => end.resolve());
        await end.promise;
        const cause = signal?.aborted && signal.reason instanceof FaultError ? signal.reason.fault : undefined;
        const paused = cause ?? (signal?.aborted ? fault("interrupted", "by a person") : undefined);
        const result = accepted("done");
        await journal.append({
          run,
          expectedSeq: expectedSeq + 1,
          events: [paused === undefined ? result : { type: "run-paused", fault: paused }],
          idempotencyKey: `end:${expectedSeq}`,
        });
        return { runId: run, result: paused === undefined ? result : { ...result, outcome: "paused", fault: paused } };
      },
    };
    const { drives } = this;
    this.desk = new TenantDesk({
      project,
      drives,
      requests: noRequests,
      settings,
      owners,
      stopped: () => this.stop,
    });
  }

  /** Settles when the run was claimed. */
  async claimed(run: RunId): Promise<void> {
    await until(() => this.begun.has(run));
    await this.desk.settled();
  }

  async end(run: RunId): Promise<void> {
    await this.claimed(run);
    this.begun.get(run)?.resolve();
    await until(() => this.desk.driveOf(run) === undefined);
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; !condition(); turns++) {
    if (turns > 10_000) throw new Error("it never came to that");
    await new Promise(setImmediate);
  }
}

/** One process after another on the same disk; the one before is dead then. */
function lives() {
  const village = new Village();
  const disk = { journal: new MemoryJournal(), settings: new MapSettings() };
  let count = 0;
  return {
    ...disk,
    next: () => {
      village.dead.add(`life ${count}`);
      return new Life(village, `life ${++count}`, disk.journal, disk.settings);
    },
    /** A run that waits for a person. */
    async paused(): Promise<RunId> {
      const engine = memoryEngine({ journal: disk.journal, owners: village.owner("before") });
      const { run } = await engine.start(
        { name: "heal", version: 1, run: () => raise("waiting-for-signal", "not yet") },
        goal,
      );
      return run;
    },
  };
}

describe("a resume that was acknowledged", () => {
  test("is done after kill -9 while it waits, with what was asked for, and by each life until it is claimed", async () => {
    const world = lives();
    const first = world.next();
    const busy = await first.desk.create({ goal, budget: {} });
    await first.claimed(busy);
    const run = await world.paused();
    await first.desk.resume(run, { attemptsMax: 3 });
    expect(first.desk.driveOf(run)?.state).toBe("queued");
    // It is killed, and so is the next one, which has not come to it either.
    const second = world.next();
    expect(await second.desk.takeUp()).toBe(2);
    const third = world.next();
    expect(await third.desk.takeUp()).toBe(2);
    expect(await third.desk.takeUp()).toBe(0);
    await third.end(busy);
    await third.end(run);
    expect(third.asked).toEqual([
      [busy, {}],
      [run, { attemptsMax: 3 }],
    ]);
    expect(world.settings.values.size).toBe(0);
    expect(await world.next().desk.takeUp()).toBe(0);
  });

  test("is given what was asked for once, also where the process dies between the claim and its note", async () => {
    const world = lives();
    const [first, run] = [world.next(), await world.paused()];
    await first.desk.resume(run, { attemptsMax: 3, apply: true });
    // The note of the claim never gets to the disk.
    const noted = world.settings.values.get("resumes") ?? "";
    await first.claimed(run);
    world.settings.values.set("resumes", noted);
    const second = world.next();
    expect(await second.desk.takeUp()).toBe(1);
    await second.end(run);
    expect(second.asked).toEqual([[run, { apply: true }]]);
    expect(world.settings.values.size).toBe(0);
  });

  test("is refused where it cannot be written down, and nothing is begun", async () => {
    const world = lives();
    const [life, run] = [world.next(), await world.paused()];
    world.settings.fails = () => raise("disk-full", "no space");
    await expect(life.desk.resume(run, {})).rejects.toMatchObject({ fault: { code: "disk-full" } });
    expect(life.asked).toEqual([]);
    world.settings.fails = undefined;
    await life.desk.resume(run, {});
    await expect(life.desk.resume(run, {})).rejects.toMatchObject({ fault: { code: "run-locked" } });
    await life.end(run);
  });

  test("that a person interrupts is not gone on with by the next life", async () => {
    const world = lives();
    const [life, run] = [world.next(), await world.paused()];
    await life.desk.resume(run, { apply: true });
    await life.claimed(run);
    await life.desk.interrupt(run);
    await life.end(run);
    expect(await world.next().desk.takeUp()).toBe(0);
  });
});

test("what was halted goes on by what the journals say alone, and what still waits for a person does not", async () => {
  const world = lives();
  const [life, run] = [world.next(), await world.paused()];
  const begun = await life.desk.create({ goal, budget: {} });
  const waiting = await life.desk.create({ goal, budget: {} });
  await life.claimed(begun);
  life.stop = "drill";
  life.drives.halt(stopped);
  await life.drives.settled();
  expect(await life.desk.takeUp()).toBe(0);
  await expect(life.desk.resume(run, {})).rejects.toMatchObject({ fault: { code: "stopped" } });
  life.stop = undefined;
  expect(await life.desk.takeUp()).toBe(2);
  await life.end(begun);
  await life.end(waiting);
  expect((await world.journal.read(run)).at(-1)).toMatchObject({ fault: { code: "waiting-for-signal" } });
});

test("what is still on its way to its checkpoint when the stop is lifted goes on when it came there", async () => {
  const world = lives();
  const [life, run] = [world.next(), await world.paused()];
  await life.desk.resume(run, { attemptsMax: 3, apply: true });
  await life.claimed(run);
  life.stop = "drill";
  life.drives.halt(stopped);
  life.stop = undefined;
  expect(await life.desk.takeUp()).toBe(0);
  await until(() => life.asked.length === 2);
  expect(life.asked).toEqual([
    [run, { attemptsMax: 3, apply: true }],
    [run, { apply: true }],
  ]);
  await life.end(run);
});

test("a run that was made is told, also where a stop or the daemon's end came meanwhile, and goes on when it may", async () => {
  const world = lives();
  const life = world.next();
  const made = await life.desk.create({ goal, budget: {} });
  await life.claimed(made);
  life.onMade = () => {
    life.stop = "drill";
  };
  const halted = await life.desk.create({ goal, budget: {} });
  const book = new RunBook(life.desk);
  expect((await book.entry(halted)).view).toMatchObject({
    status: "queued",
    now: "an emergency stop is in force: drill",
  });
  life.stop = undefined;
  life.onMade = () => life.drives.close(stopped);
  const late = await life.desk.create({ goal, budget: {} });
  await life.drives.settled();
  const next = world.next();
  expect(await next.desk.takeUp()).toBe(3);
  for (const run of [made, halted, late]) await next.end(run);
});

test("a run that cannot be forgotten keeps no other from going on", async () => {
  const world = lives();
  const [first, answered] = [world.next(), await world.paused()];
  const begun = await first.desk.create({ goal, budget: {} });
  await first.claimed(begun);
  const intent = { run: answered, request: {} };
  world.settings.values.set("resumes", JSON.stringify([intent]));
  world.settings.fails = () => raise("disk-full", "no space");
  const second = world.next();
  expect(await second.desk.takeUp()).toBe(1);
  await second.end(begun);
});

test("a run that its process could not even pause goes on in the same process", async () => {
  const world = lives();
  const life = world.next();
  const run = await life.desk.create({ goal, budget: {} });
  await life.claimed(run);
  // As after a lock that outlasted all tries: claimed here, and driven by nobody.
  const other = new TenantDesk<DeskProject>({
    project: life.desk.project,
    drives: new Drives({ runsMax: 1, queuedMax: 1 }),
    requests: noRequests,
    settings: world.settings,
    owners: new Village().owner("life 1"),
    stopped: () => undefined,
  });
  expect(await other.takeUp()).toBe(1);
  expect(life.asked).toEqual([
    [run, {}],
    [run, {}],
  ]);
});
