import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { faultPolicy } from "../../src/domain/index.ts";
import { canonicalJson } from "../../src/ports/index.ts";
import { runAssay } from "../support/run-assay.ts";
import { scratch } from "../support/scratch.ts";
import { StartedWorker } from "../support/start-worker.ts";
import { apiKeys, aRun, workerPlace } from "../support/worker-place.ts";

let place: Awaited<ReturnType<typeof workerPlace>>;
let scope: AsyncDisposableStack;
beforeEach(async () => {
  scope = new AsyncDisposableStack();
  place = scope.use(await workerPlace({ heartbeatMs: 50 }));
});
afterEach(async () => {
  await scope.disposeAsync();
});

const question = canonicalJson({ version: 1, kind: "analyze", files: [], question: "what is wrong?" });

async function ask(task: string) {
  return place.offer(task, { input: await place.acme.blobs.put(question) });
}

function start(name: string): StartedWorker {
  return scope.use(new StartedWorker(place.url, apiKeys.acme, name));
}

const executing = (told: { kind: string; state?: string }) => told.kind === "state" && told.state === "execute";

/** As if the lease's time had passed without a heartbeat. */
function passLease(): void {
  place.clock.skip(31_000);
}

describe("a worker", () => {
  test("goes through receive, plan, execute, report, and its result is signed", async () => {
    const { end } = await ask("whole");
    const worker = start("whole");
    for (const state of ["receive", "plan", "execute"]) await worker.until((told) => told.state === state);
    worker.finish();
    await worker.until((told) => told.state === "report");
    const { outcome, output, statement, worker: id } = await end;
    expect(outcome).toBe("done");
    if (output === undefined || statement === undefined || id === undefined) throw new Error("a result in full");
    const document = JSON.parse(Buffer.from((await place.acme.blobs.get(output)) ?? "").toString());
    expect(document).toMatchObject({ kind: "analyze", summary: "by whole" });
    await worker.until((told) => told.kind === "finished");
    expect(await place.acme.registry.get(id)).toMatchObject({ done: 1 });
  });

  test("that is killed loses its task to another", async () => {
    const { end } = await ask("killed");
    const killed = start("killed");
    await killed.until(executing);
    killed.process.kill("SIGKILL");
    await once(killed.process, "exit");
    const other = start("other");
    await other.until((told) => told.kind === "joined");
    passLease();
    await other.until(executing);
    other.finish();
    expect(await end).toMatchObject({ outcome: "done", attempts: 2 });
  });

  test("that is paused and comes back after its lease ran out drops what it did, and works on", async () => {
    const { end } = await ask("paused");
    const paused = start("paused");
    await paused.until(executing);
    paused.process.kill("SIGSTOP");
    const other = start("other");
    await other.until((told) => told.kind === "joined");
    passLease();
    await other.until(executing);
    paused.process.kill("SIGCONT");
    await paused.until((told) => told.kind === "dropped" && told.task === "paused");
    other.finish();
    const { worker } = await end;
    expect(worker).toBe((await other.until((told) => told.kind === "joined")).worker);
    const finished = (await place.acme.journal.read(aRun)).filter(({ type }) => type === "task-finished");
    expect(finished.filter((event) => "task" in event && event.task === "paused")).toHaveLength(1);
    await other[Symbol.asyncDispose]();
    const { end: next } = await ask("next");
    await paused.until((told) => told.task === "next" && told.state === "execute");
    paused.finish();
    expect(await next).toMatchObject({ outcome: "done" });
  });

  test("gives its task back when it is told to leave and cannot finish in time", async () => {
    const { end } = await ask("left");
    const leaving = start("leaving");
    await leaving.until(executing);
    const ended = once(leaving.process, "exit");
    leaving.process.kill("SIGTERM");
    expect((await ended)[0]).toBe(0);
    const other = start("other");
    await other.until(executing);
    other.finish();
    expect(await end).toMatchObject({ outcome: "done", attempts: 2 });
  });

  test("stops executing on an emergency stop, and claims nothing until it is lifted", async () => {
    const { end } = await ask("halted");
    const worker = start("halted");
    await worker.until(executing);
    await place.desk.stop("a drill");
    const dropped = await worker.until((told) => told.kind === "dropped");
    expect(dropped.because).toContain("a drill");
    expect(place.acme.queue.depth()).toEqual({ queued: 1, claimed: 0 });
    place.desk.lift();
    await worker.again(executing);
    worker.finish();
    expect(await end).toMatchObject({ outcome: "done", attempts: 2 });
  });

  test("that is revoked ends with the fault's exit code, and says why", async () => {
    const home = scope.use(await scratch());
    const args = ["worker", "--url", place.url, "--name", "revoked", "--json"];
    const revoke = async (text: string) => {
      const id = /"worker":"(w-[0-9a-f]+)"/.exec(text)?.[1];
      // The registry alone is told, as another part of the daemon would.
      if (id !== undefined) await place.acme.registry.revoke(id, "its results differed");
    };
    const { code, stderr } = await runAssay(home.path, args, {
      env: { ASSAY_API_KEY: apiKeys.acme },
      onStdout: revoke,
    });
    expect(code).toBe(faultPolicy("worker-revoked").exitCode);
    expect(stderr).toMatch(/^assay: this worker was revoked: its results differed\n {2}→ [^\n]+\n$/);
  });

  test("whose API key is revoked ends, and says why", async () => {
    const home = scope.use(await scratch());
    const args = ["worker", "--url", place.url, "--name", "shut-out", "--json"];
    const { code, stderr } = await runAssay(home.path, args, {
      env: { ASSAY_API_KEY: apiKeys.acme },
      onStdout: (text) => void (text.includes("worker-joined") && place.revokedKeys.add("k-acme")),
    });
    expect(code).toBe(faultPolicy("unauthorized").exitCode);
    expect(stderr).toContain("this is not a key of this daemon");
  });

  test("whose daemon ends while it works goes on, and reports to the next one", async () => {
    const { acme, url } = place;
    const { offer } = await ask("survives");
    const worker = start("survivor");
    await worker.until(executing);
    await place[Symbol.asyncDispose]();
    worker.finish();
    await worker.until((told) => told.kind === "lost");
    await using next = await workerPlace({ heartbeatMs: 50, left: acme, port: Number(new URL(url).port) });
    await next.takeUp();
    const { end } = await next.offer("survives", { input: offer.input });
    expect(await end).toMatchObject({ outcome: "done", attempts: 1 });
    expect(await worker.until((told) => told.kind === "finished")).toMatchObject({ task: "survives" });
  });
});
