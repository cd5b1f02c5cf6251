import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  AssayClient,
  AssayProblem,
  type CircuitChange,
  type CircuitView,
  type Goal,
  type WorkerView,
} from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { readDaemonFile } from "#app";
import { raise } from "#domain";
import { type CircuitBook, type ServeOptions, startServer, type WorkerOffice } from "#server";
import { projectCopy } from "../support/run-assay.ts";

/** Circuits of a tenant in memory, each of which was opened once. */
class Circuits implements CircuitBook {
  readonly #changes: CircuitChange[];
  constructor(names: readonly string[]) {
    this.#changes = names.map((circuit) => ({ circuit, from: "closed", to: "open", reason: "failed", at: 1 }));
  }
  list(level?: string): CircuitView[] {
    const names = [...new Set(this.#changes.map(({ circuit }) => circuit))];
    return names.map((name) => this.#view(name)).filter((view) => level === undefined || view.level === level);
  }
  async history(changesMax: number, circuit: string): Promise<CircuitChange[]> {
    return this.#changes
      .filter((change) => change.circuit === circuit)
      .reverse()
      .slice(0, changesMax);
  }
  async reset(circuit: string, by: string, reason: string): Promise<CircuitView> {
    if (!this.list().some((view) => view.circuit === circuit)) raise("not-found", `there is no circuit ${circuit}`);
    this.#changes.push({ circuit, from: "open", to: "closed", reason, at: 2, by });
    return this.#view(circuit);
  }
  #view(circuit: string): CircuitView {
    const last = this.#changes.findLast((change) => change.circuit === circuit);
    const level = circuit.startsWith("step:") ? "step" : "worker";
    return { circuit, level, state: last?.to ?? "closed", failures: 0 };
  }
}

/** An office with one worker in each of the tenants that are named. */
class Office implements WorkerOffice {
  readonly #revoked = new Map<string, string>();
  stopped: string | undefined;
  async views(tenant: string): Promise<WorkerView[]> {
    const because = this.#revoked.get(tenant);
    return [
      {
        worker: `w-${tenant}`,
        name: "w",
        role: "tester",
        capabilities: [],
        state: "idle",
        status: because === undefined ? "here" : "revoked",
        attest: false,
        registeredAt: 1,
        lastSeenAt: 1,
        claims: [],
        done: 0,
        failed: 0,
        reexecuted: { agreed: 0, differed: 0 },
        ...(because === undefined ? {} : { revokedBecause: because }),
      },
    ];
  }
  async view(tenant: string, worker: string) {
    return (await this.views(tenant)).find((view) => view.worker === worker);
  }
  async revoke(tenant: string, worker: string, because: string) {
    if ((await this.view(tenant, worker)) === undefined) return undefined;
    this.#revoked.set(tenant, because);
    return this.view(tenant, worker);
  }
  async stop(reason: string): Promise<void> {
    this.stopped = reason;
  }
  lift(): void {
    this.stopped = undefined;
  }
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "none",
    (error: unknown) => (error instanceof AssayProblem ? error.code : error),
  );

async function serve(directory: string, more: Partial<ServeOptions>) {
  const server = await startServer({ directory, host: "127.0.0.1", port: 0, runsMax: 1, queuedMax: 1, ...more });
  const key = (await readFile(server.keyPath, "utf8")).trim();
  return { server, client: new AssayClient({ url: server.url, key }), [Symbol.asyncDispose]: () => server.stop() };
}

describe("a daemon with what others bring", () => {
  test("shows and resets the circuits of the caller's tenant", async () => {
    await using copy = await projectCopy("python-prices");
    const closed: string[] = [];
    await using daemon = await serve(copy.project, {
      services: async ({ tenant }) => ({
        circuits: new Circuits(tenant === "default" ? ["step:check", "worker:w1"] : ["step:theirs"]),
        close: async () => void closed.push(tenant),
      }),
    });
    const { client } = daemon;
    expect((await client.circuits.list({ level: "step" })).map(({ circuit }) => circuit)).toEqual(["step:check"]);
    expect(await client.call("health")).toMatchObject({ status: "degraded", circuits: { open: 2 } });
    expect(await client.circuits.reset("step:check", "mended")).toMatchObject({ state: "closed" });
    expect(await client.circuits.get("step:check")).toMatchObject({
      history: [{ to: "closed", by: "key local", reason: "mended" }, { to: "open" }],
    });
    expect(await codeOf(client.circuits.get("step:theirs"))).toBe("not-found");
    expect(await codeOf(client.circuits.reset("step:theirs", "no"))).toBe("not-found");
    await daemon.server.stop();
    expect(closed).toEqual(["default"]);
    expect(await readDaemonFile(join(copy.project, ".assay"))).toBeUndefined();
  });

  test("shows workers of the caller's tenant, shuts one out, and halts them with everything else", async () => {
    await using copy = await projectCopy("python-prices");
    const office = new Office();
    await using daemon = await serve(copy.project, {
      extend: async () => ({ workers: office, metrics: async () => "assay_up 1\n" }),
    });
    const { client } = daemon;
    expect(await client.call("health")).toMatchObject({ status: "ok", workers: { here: 1, away: 0 } });
    expect(await codeOf(client.workers.revoke("w-acme", "no"))).toBe("not-found");
    expect(await client.workers.revoke("w-default", "left")).toMatchObject({
      status: "revoked",
      revokedBecause: "left",
    });
    expect(await client.call("metrics")).toBe("assay_up 1\n");
    const { key } = await client.keys.create({ name: "of acme", tenant: "acme", scopes: ["admin", "read"] });
    const acme = new AssayClient({ url: daemon.server.url, key });
    await acme.call("emergencyStop", { body: { reason: "theirs" } });
    expect(await acme.call("health")).toMatchObject({ emergencyStop: true });
    // One tenant's stop is nobody else's.
    expect(office.stopped).toBeUndefined();
    expect(await client.call("health")).toMatchObject({ emergencyStop: false });
    await client.call("emergencyStop", { body: { reason: "all" } });
    expect(office.stopped).toBe("all");
    await client.call("liftEmergencyStop");
    expect(await acme.call("health")).toMatchObject({ emergencyStop: true });
  });

  test("halts at once while the database is locked, says that it is not written down yet, and writes it then", async () => {
    await using copy = await projectCopy("python-prices");
    const office = new Office();
    {
      await using daemon = await serve(copy.project, { extend: async () => ({ workers: office }) });
      const { client } = daemon;
      using other = new DatabaseSync(join(copy.project, ".assay/journal.sqlite"));
      other.exec("BEGIN IMMEDIATE");
      const answered = client.call("emergencyStop", { body: { reason: "smoke" } });
      while (!(await client.call("health")).emergencyStop) await new Promise(setImmediate);
      expect(office.stopped).toBe("smoke");
      const goal: Goal = { kind: "heal", root: copy.project, tests: [], apply: false };
      const desk = await daemon.server.supervisor.desk("default");
      await expect(desk.create({ goal, budget: {} })).rejects.toMatchObject({ fault: { code: "stopped" } });
      expect(await answered).toEqual({ done: true, saved: false });
      other.exec("ROLLBACK");
      const isKept = () => other.prepare("SELECT 1 FROM settings WHERE name = 'emergency-stop'").get() !== undefined;
      while (!isKept()) await new Promise((resolve) => setTimeout(resolve, 50));
      const isAudited = async () => (await client.call("listAudit", {})).items[0]?.operation === "emergencyStop";
      while (!(await isAudited())) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await using daemon = await serve(copy.project, {});
    expect(await daemon.client.call("health")).toMatchObject({ emergencyStop: true });
  });

  test("keeps an emergency stop over a restart, and shows the configuration as it is now", async () => {
    await using copy = await projectCopy("python-prices");
    {
      await using daemon = await serve(copy.project, {});
      await daemon.client.call("emergencyStop", { body: { reason: "drill" } });
    }
    await using daemon = await serve(copy.project, {});
    expect(await daemon.client.call("health")).toMatchObject({ emergencyStop: true });
    await writeFile(join(copy.project, "assay.config.toml"), "[budget]\nseconds = 60\n");
    expect(await daemon.client.call("readConfiguration")).toMatchObject({ project: { budget: { seconds: 60 } } });
    expect((await daemon.client.call("listBudgets")).items).toEqual([]);
    // What the daemon's account has set up for itself is none of another tenant's business.
    const { key } = await daemon.client.keys.create({ name: "of acme", tenant: "acme", scopes: ["admin"] });
    const shown = await new AssayClient({ url: daemon.server.url, key }).call("readConfiguration");
    expect(shown).toEqual({ root: expect.any(String), project: { budget: { seconds: 60 } } });
  });
});
