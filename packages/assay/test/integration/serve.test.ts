import { mkdtemp, readFile, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssayProblem, type RunEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { Daemon } from "../support/daemon.ts";
import { projectCopy, runAssay } from "../support/run-assay.ts";

const source = (project: string) => readFile(join(project, "prices/discount.py"), "utf8");
const problemOf = (call: Promise<unknown>) =>
  call.then(
    () => "no problem",
    (error: unknown) => (error instanceof AssayProblem ? error.code : error),
  );
/** Follows a run until an event of this type. */
async function until(daemon: Daemon, run: string, type: RunEvent["type"]): Promise<void> {
  for await (const { event } of daemon.client().events({ run, after: 0 })) if (event.type === type) return;
}

describe("assay serve", () => {
  test("heals over REST, once for each Idempotency-Key, and shows one tenant nothing of another", async () => {
    await using copy = await projectCopy("python-prices");
    await using daemon = await Daemon.start(copy.home, copy.project);
    const client = daemon.client();
    const made = await client.runs.create(daemon.heal(), { idempotencyKey: "first" });
    const again = await client.runs.create(daemon.heal(), { idempotencyKey: "first" });
    expect(again.run).toBe(made.run);
    const other = client.runs.create(daemon.heal({ tests: ["tests"] }), { idempotencyKey: "first" });
    expect(await problemOf(other)).toBe("idempotency-conflict");
    const elsewhere = client.runs.create(daemon.heal({ root: "/elsewhere" }));
    expect(await problemOf(elsewhere)).toBe("usage");

    const ended = await client.runs.wait(made.run);
    expect(ended).toMatchObject({ status: "finished", outcome: "accepted", result: { exitCode: 0 } });
    expect((await client.runs.list()).items.map(({ run }) => run)).toEqual([made.run]);
    expect(await client.receipts.verify(made.run)).toMatchObject({ outcome: "matches" });
    const artifacts = await client.artifacts.list(made.run);
    expect(artifacts.map(({ kind }) => kind).sort()).toEqual(["bundle", "patch", "receipt", "report"]);
    const patch = Buffer.from(await client.artifacts.read(made.run, "patch.diff")).toString();
    expect(patch).toContain("quantity >= least");
    expect(await problemOf(client.artifacts.read(made.run, "../../journal.sqlite"))).toBe("not-found");
    const digest = artifacts.find(({ kind }) => kind === "patch")?.digest;
    if (digest === undefined) throw new Error("a patch has a digest");
    expect(Buffer.from(await client.blobs.read(digest)).toString()).toBe(patch);

    const scopes = ["read", "evidence", "runs", "approvals", "admin"] as const;
    const stranger = await daemon.clientOf("acme", [...scopes]);
    expect((await stranger.runs.list()).items).toEqual([]);
    expect((await stranger.call("listGoals")).items).toEqual([]);
    const refused = [
      stranger.runs.get(made.run),
      stranger.runs.events(made.run),
      stranger.runs.cancel(made.run),
      stranger.runs.resume(made.run),
      stranger.runs.audit(made.run),
      stranger.artifacts.read(made.run, "patch.diff"),
      stranger.approvals.approve(made.run),
      stranger.call("writeReport", { params: { run: made.run } }),
    ].map(problemOf);
    expect(new Set(await Promise.all(refused))).toEqual(new Set(["run-not-found"]));
    expect(await problemOf(stranger.blobs.read(digest))).toBe("not-found");
    // The same key of another tenant's is another request.
    const asked = daemon.heal({ approve: "before-apply" });
    const [theirs, twice] = await Promise.all([
      stranger.runs.create(asked, { idempotencyKey: "first" }),
      stranger.runs.create(asked, { idempotencyKey: "first" }),
    ]);
    expect(twice.run).toBe(theirs.run);
    expect(theirs.run).not.toBe(made.run);
    expect((await client.runs.list()).items.map(({ run }) => run)).toEqual([made.run]);
    expect(await problemOf(client.runs.cancel(theirs.run))).toBe("run-not-found");
    expect(await stranger.runs.wait(theirs.run)).toMatchObject({ status: "paused", result: { outcome: "paused" } });
    await stranger.runs.cancel(theirs.run);
    expect(await stranger.runs.get(theirs.run)).toMatchObject({
      status: "cancelled",
      result: { outcome: "cancelled", exitCode: 130 },
    });
  });

  test("waits for approval, applies what was approved, and forgets nothing of it when it is started again", async () => {
    await using copy = await projectCopy("python-prices");
    await using daemon = await Daemon.start(copy.home, copy.project);
    const client = daemon.client();
    const { run } = await client.runs.create(daemon.heal({ approve: "before-apply" }));
    expect(await client.runs.wait(run)).toMatchObject({ status: "paused", fault: { code: "waiting-for-signal" } });
    expect(await client.approvals.list()).toMatchObject([{ run }]);
    expect((await daemon.kill("SIGTERM")).code).toBe(0);

    await using next = await Daemon.start(copy.home, copy.project);
    const later = next.client();
    // Nobody but a person goes on with what waits for one.
    expect(await later.runs.get(run)).toMatchObject({ status: "paused" });
    // What they call themselves is a claim; the key is what the daemon knows.
    const { key, view } = await later.keys.create({ name: "releases", scopes: ["approvals"] });
    const decided = await next.client(key).approvals.approve(run, { by: "root" });
    const deciding = { id: view.id, name: "releases", tenant: "default" };
    expect(decided).toMatchObject({ kind: "received", by: "root", key: deciding });
    const approved = (await later.runs.audit(run)).find(({ action }) => action === "approved");
    expect(approved).toMatchObject({ actor: "person:root", facts: { key: deciding } });
    expect(approved?.facts).not.toHaveProperty("hostUser");
    expect(await later.approvals.list()).toEqual([]);
    await later.runs.resume(run);
    expect(await later.runs.wait(run)).toMatchObject({ outcome: "accepted", result: { applied: true } });
    expect(await source(copy.project)).toContain("quantity >= least");
  });

  test("goes on with its runs after kill -9, and with what was halted when it was stopped", async () => {
    await using copy = await projectCopy("python-prices");
    const killed = await Daemon.start(copy.home, copy.project);
    const { run } = await killed.client().runs.create(killed.heal());
    await until(killed, run, "step-finished");
    expect((await killed.kill("SIGKILL")).signal).toBe("SIGKILL");

    const stopped = await Daemon.start(copy.home, copy.project);
    expect(stopped.key).not.toBe(killed.key);
    await until(stopped, run, "failures-classified");
    // In time, or it would have been left behind with 130.
    expect((await stopped.kill("SIGTERM")).code).toBe(0);
    const listed = await runAssay(copy.home, ["show", run, "-C", copy.project, "--json"]);
    expect(listed.stdout).not.toContain('"outcome":"accepted"');

    await using last = await Daemon.start(copy.home, copy.project);
    const ended = await last.client().runs.wait(run);
    expect(ended).toMatchObject({ status: "finished", outcome: "accepted" });
    const keys = ended.steps.map(({ key }) => key);
    expect(keys).toEqual([...new Set(keys)]);
  });

  test("goes on after kill -9 with a run that somebody was told will go on, and that waited for its turn", async () => {
    await using copy = await projectCopy("python-prices");
    const killed = await Daemon.start(copy.home, copy.project, { args: ["--runs-max", "1"] });
    const client = killed.client();
    const { run } = await client.runs.create(killed.heal({ approve: "before-apply" }));
    await client.runs.wait(run);
    await client.approvals.approve(run);
    const before = await client.runs.create(killed.heal());
    expect(await client.runs.resume(run)).toMatchObject({ status: "queued" });
    expect((await killed.kill("SIGKILL")).signal).toBe("SIGKILL");

    await using next = await Daemon.start(copy.home, copy.project);
    await next.client().runs.cancel(before.run);
    expect(await next.client().runs.wait(run)).toMatchObject({ outcome: "accepted", result: { applied: true } });
  });

  test("makes one run of a request that is sent again after a crash between its key and its run", async () => {
    await using copy = await projectCopy("python-prices");
    const crashing = await Daemon.start(copy.home, copy.project, { env: { ASSAY_CRASH_AT: "request-reserved" } });
    const goal = crashing.heal();
    expect(await problemOf(crashing.client().runs.create(goal, { idempotencyKey: "k" }))).toBe("daemon-unreachable");
    expect((await crashing.ended).signal).toBe("SIGKILL");
    await using next = await Daemon.start(copy.home, copy.project);
    expect((await next.client().runs.list()).items).toEqual([]);
    const made = await next.client().runs.create(goal, { idempotencyKey: "k" });
    expect((await next.client().runs.create(goal, { idempotencyKey: "k" })).run).toBe(made.run);
    expect((await next.client().runs.list()).items).toHaveLength(1);
  });

  test("halts everything at an emergency stop and goes on when it is lifted", async () => {
    await using copy = await projectCopy("python-prices");
    await using served = await Daemon.start(copy.home, copy.project);
    const client = served.client();
    const { run } = await client.runs.create(served.heal());
    await until(served, run, "step-finished");
    expect(await client.call("emergencyStop", { body: { reason: "drill" } })).toMatchObject({ saved: true });
    expect(await client.call("health")).toMatchObject({ status: "degraded", emergencyStop: true });
    expect(await problemOf(client.runs.create(served.heal()))).toBe("stopped");
    expect(await client.runs.wait(run)).toMatchObject({ status: "paused", fault: { code: "stopped" } });
    await client.call("liftEmergencyStop");
    expect(await client.runs.wait(run)).toMatchObject({ outcome: "accepted" });
  });

  test("says what keeps it from serving", async () => {
    await using copy = await projectCopy("python-prices");
    const serve = (...args: string[]) => runAssay(copy.home, ["serve", copy.project, ...args]);
    const open = await serve("--host", "0.0.0.0", "--port", "0");
    expect(open.code).toBe(2);
    expect(open.stderr).toContain("set ASSAY_API_KEY");
    await using first = await Daemon.start(copy.home, copy.project);
    const second = await serve("--port", "0");
    expect(second.code).toBe(4);
    expect(second.stderr).toContain("assay serve (process");
    // The second one's end took nothing of the first one's away.
    expect(await first.client().call("health")).toMatchObject({ status: "ok" });
    expect((await stat(join(copy.project, ".assay/daemon.key"))).mode & 0o777).toBe(0o600);

    await using other = await projectCopy("node-prices");
    const taken = await runAssay(other.home, ["serve", other.project, "--port", new URL(first.url).port]);
    expect(taken.code).toBe(2);
    expect(taken.stderr).toMatch(/port \d+ of 127.0.0.1 is taken/);
  });

  test("lets a key for runs write a solution into the project alone", async () => {
    await using copy = await projectCopy("python-prices");
    await using served = await Daemon.start(copy.home, copy.project);
    const client = served.client();
    const { key } = await client.keys.create({ name: "ci", scopes: ["runs", "read"] });
    const digest = await client.blobs.keep(Buffer.from("1 -> 1\n"));
    const outside = await mkdtemp(join(tmpdir(), "assay-outside-"));
    await symlink(outside, join(copy.project, "link"));
    for (const out of [
      join(outside, "x.py"),
      join(copy.project, ".git/x.py"),
      join(copy.project, "link/x.py"),
      "x.py",
    ]) {
      const goal = {
        kind: "solve" as const,
        root: copy.project,
        tests: [{ path: "/t.txt", digest }],
        hidden: [],
        guardrails: "warn" as const,
        out,
        force: true,
        keepUnproven: false,
      };
      expect(await problemOf(served.client(key).runs.create(goal))).toBe("forbidden");
    }
    await rm(outside, { recursive: true });
  });
});
