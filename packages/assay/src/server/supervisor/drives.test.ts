import type { Result } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { FaultError, fault, type RunId, runId } from "#domain";
import type { RunSlot } from "#engine";
import { Drive, type DriveEnd, type DrivenProject } from "./drive.ts";
import { Drives } from "./drives.ts";

const a = runId("heal-aaaaaaaa");
const b = runId("heal-bbbbbbbb");
const c = runId("heal-cccccccc");
const accepted: Result = { type: "result", outcome: "accepted", exitCode: 0, summary: "" };

/** Runs that end when they are told to, or when they are interrupted. */
class Project implements DrivenProject {
  readonly tenant: string;
  readonly begun: RunId[] = [];
  readonly interrupted: RunId[] = [];
  readonly slots = new Map<RunId, RunSlot>();
  readonly #ends = new Map<RunId, () => void>();

  constructor(tenant = "default") {
    this.tenant = tenant;
  }

  async resume(run: RunId, { signal, slot }: { signal?: AbortSignal; slot?: RunSlot }) {
    this.begun.push(run);
    if (slot !== undefined) this.slots.set(run, slot);
    await new Promise<void>((resolve) => {
      this.#ends.set(run, resolve);
      const stop = () => {
        this.interrupted.push(run);
        resolve();
      };
      if (signal?.aborted) stop();
      signal?.addEventListener("abort", stop);
    });
    return { runId: run, result: accepted };
  }

  end(run: RunId): void {
    this.#ends.get(run)?.();
  }
}

describe("drives", () => {
  test("begin as many runs as may go on, and the next when one has ended", async () => {
    const project = new Project();
    const ended = Promise.withResolvers<DriveEnd>();
    const drives = new Drives({ runsMax: 1, queuedMax: 1, onEnd: (_, end) => ended.resolve(end) });
    drives.add(new Drive(project, a, {}));
    drives.add(new Drive(project, b, {}));
    expect(project.begun).toEqual([a]);
    expect(drives.depth).toEqual({ running: 1, queued: 1 });
    expect(drives.of("default", b)?.state).toBe("queued");
    expect(() => drives.refuseIfFull()).toThrow("1 runs wait already");
    expect(() => drives.add(new Drive(project, c, {}))).toThrow("1 runs wait already");
    // What was promised before a restart finds a place.
    drives.add(new Drive(project, c, {}), { promised: true });
    project.end(a);
    expect(await ended.promise).toMatchObject({ kind: "driven", driven: { runId: a } });
    expect(project.begun).toEqual([a, b]);
    expect(drives.endOf(a)).toMatchObject({ kind: "driven" });
    expect(drives.of("default", a)).toBeUndefined();
  });

  test("take a run once, and show it to its tenant alone", () => {
    const drives = new Drives({ runsMax: 2, queuedMax: 2 });
    drives.add(new Drive(new Project(), a, {}));
    expect(() => drives.add(new Drive(new Project(), a, {}))).toThrow("executed by the daemon already");
    expect(drives.of("acme", a)).toBeUndefined();
  });

  test("begin a waiting run that is interrupted, so that its journal says so", async () => {
    const project = new Project();
    const drives = new Drives({ runsMax: 1, queuedMax: 5 });
    drives.add(new Drive(project, a, {}));
    const waiting = new Drive(project, b, {});
    drives.add(waiting);
    drives.interrupt(waiting);
    expect(project.interrupted).toEqual([b]);
    project.end(a);
    await drives.settled();
    expect(project.begun).toEqual([a, b]);
  });

  test("let another tenant's run begin while one only waits for workers, which goes on when there is a place", async () => {
    const [ours, theirs] = [new Project(), new Project("acme")];
    const drives = new Drives({ runsMax: 1, queuedMax: 5 });
    drives.add(new Drive(ours, a, {}));
    drives.add(new Drive(theirs, b, {}));
    drives.add(new Drive(ours, c, {}));
    const slot = ours.slots.get(a) ?? expect.fail();
    slot.giveBack();
    expect([ours.begun, theirs.begun]).toEqual([[a], [b]]);
    let granted: boolean | undefined;
    const back = slot.takeAgain(new AbortController().signal).then((answer) => {
      granted = answer;
    });
    await Promise.resolve();
    expect(granted).toBeUndefined();
    theirs.end(b);
    await back;
    expect(granted).toBe(true);
    // It came before the one that was not begun yet.
    expect(ours.begun).toEqual([a]);
    ours.end(a);
    await new Promise(setImmediate);
    expect(ours.begun).toEqual([a, c]);
  });

  test("leave no place taken by a run that is interrupted while it waits to go on", async () => {
    const project = new Project();
    const drives = new Drives({ runsMax: 1, queuedMax: 5 });
    const drive = new Drive(project, a, {});
    drives.add(drive);
    drives.add(new Drive(project, b, {}));
    const slot = project.slots.get(a) ?? expect.fail();
    slot.giveBack();
    const stop = new AbortController();
    const back = slot.takeAgain(stop.signal);
    drives.interrupt(drive);
    stop.abort();
    expect(await back).toBe(false);
    expect(drives.depth).toEqual({ queued: 0, running: 1 });
    project.end(b);
    await drives.settled();
    expect(drives.all()).toEqual([]);
    expect(drives.depth).toEqual({ queued: 0, running: 0 });
  });

  test("begin none again that gives up coming back where as many wait for workers as may", async () => {
    const [ours, theirs] = [new Project(), new Project("acme")];
    const ends: RunId[] = [];
    const drives = new Drives({ runsMax: 1, queuedMax: 5, onEnd: ({ run }) => ends.push(run) });
    const runs = Array.from({ length: 1001 }, (_, n) => runId(`heal-${String(n).padStart(8, "0")}`));
    for (const run of runs.slice(0, 1000)) {
      drives.add(new Drive(ours, run, {}));
      ours.slots.get(run)?.giveBack();
    }
    const [first = a, last = b] = [runs.at(0), runs.at(-1)];
    drives.add(new Drive(ours, last, {}));
    drives.add(new Drive(theirs, c, {}));
    const stop = new AbortController();
    const back = ours.slots.get(first)?.takeAgain(stop.signal);
    // It takes the last place aside, and the other tenant its own.
    ours.slots.get(last)?.giveBack();
    stop.abort();
    expect(await back).toBe(false);
    theirs.end(c);
    await drives.settled("acme");
    expect(drives.depth).toEqual({ queued: 0, running: 0 });
    ours.end(first);
    await new Promise(setImmediate);
    expect(ends).toEqual([c, first]);
  });

  test("halt what goes on and let go of what waits, of one tenant or of all, in the same turn", async () => {
    const [ours, theirs] = [new Project(), new Project("acme")];
    const drives = new Drives({ runsMax: 2, queuedMax: 5 });
    const cause = fault("stopped", "an emergency stop is in force: drill");
    for (const [project, run] of [
      [ours, a],
      [theirs, b],
      [ours, c],
    ] as const)
      drives.add(new Drive(project, run, {}));
    drives.halt(cause, "default");
    expect([ours.interrupted, theirs.interrupted]).toEqual([[a], []]);
    drives.halt(cause);
    expect(theirs.interrupted).toEqual([b]);
    await drives.settled();
    expect([ours.begun, drives.all()]).toEqual([[a], []]);
  });

  test("begin nothing more once they are closed", async () => {
    const project = new Project();
    const drives = new Drives({ runsMax: 1, queuedMax: 5 });
    drives.add(new Drive(project, a, {}));
    drives.add(new Drive(project, b, {}));
    drives.close(fault("stopped", "the daemon stopped"));
    project.end(a);
    await drives.settled();
    expect(project.begun).toEqual([a]);
    expect(drives.all()).toEqual([]);
    expect(() => drives.add(new Drive(project, c, {}))).toThrow("the daemon is stopping");
  });

  test("settle for one tenant while another's runs go on", async () => {
    const [ours, theirs] = [new Project(), new Project("acme")];
    const drives = new Drives({ runsMax: 2, queuedMax: 5 });
    drives.add(new Drive(ours, a, {}));
    drives.add(new Drive(theirs, b, {}));
    ours.end(a);
    await drives.settled("default");
    expect(drives.all().map(({ run }) => run)).toEqual([b]);
  });

  test("try a run again that met a locked database, without what its claim was given", async () => {
    const asked: object[] = [];
    const said: (string | undefined)[] = [];
    const locked = fault("run-locked", "another process keeps the file locked");
    const paused: Result = { type: "result", outcome: "paused", exitCode: 4, summary: "", fault: locked };
    const claim = { type: "lease-claimed", runId: a, seq: 2, at: 1, owner: "me" } as const;
    const project: DrivenProject = {
      tenant: "default",
      resume: async (_run, { signal: _signal, onEvent, onProgress: _onProgress, ...request }) => {
        asked.push(request);
        said.push(drive.now);
        if (asked.length === 1) throw new FaultError(locked);
        onEvent?.(claim);
        return { runId: a, result: asked.length === 2 ? paused : accepted };
      },
    };
    const waited: number[] = [];
    const wait = async (ms: number) => void waited.push(ms);
    const drive: Drive = new Drive(project, a, { attemptsMax: 3, apply: true }, { wait });
    expect(await drive.begin()).toMatchObject({ kind: "driven", driven: { result: accepted } });
    expect(asked).toEqual([{ attemptsMax: 3, apply: true }, { attemptsMax: 3, apply: true }, { apply: true }]);
    expect(waited).toEqual([500, 1_000]);
    expect(said).toEqual([undefined, undefined, undefined]);
  });

  test("try no run again that is another process's, and none for ever", async () => {
    let tries = 0;
    const project: DrivenProject = {
      tenant: "default",
      resume: async () => {
        tries += 1;
        throw new FaultError(fault("run-locked", "locked"));
      },
    };
    const wait = async () => undefined;
    await new Drive(project, a, {}, { wait, mayPass: async () => false }).begin();
    expect(tries).toBe(1);
    expect(await new Drive(project, b, {}, { wait }).begin()).toMatchObject({ fault: { code: "run-locked" } });
    expect(tries).toBe(26);
  });

  test("end with the fault that kept a run from beginning, and with a defect for a bug", async () => {
    const end = (error: Error) => new Drive({ tenant: "default", resume: () => Promise.reject(error) }, a, {}).begin();
    const missing = fault("no-isolation", "nothing isolates here");
    expect(await end(new FaultError(missing))).toEqual({ kind: "fault", fault: missing });
    expect(await end(new TypeError("x is undefined"))).toMatchObject({ kind: "fault", fault: { code: "defect" } });
  });
});
