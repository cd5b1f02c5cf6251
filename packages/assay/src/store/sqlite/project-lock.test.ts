import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { scratch } from "../../../test/support/scratch.ts";
import { ProcessOwners } from "../process/process-owners.ts";
import { acquireProjectLock } from "./project-lock.ts";

const scope = new AsyncDisposableStack();
afterAll(() => scope.disposeAsync());

const fixture = join(import.meta.dirname, "..", "..", "..", "test", "fixtures", "store", "hold-project-lock.ts");

async function newDatabase(): Promise<string> {
  return join(scope.use(await scratch()).path, "journal.db");
}

function request(database: string, project = "/home/me/project") {
  return { database, project, holder: "assay heal", owners: new ProcessOwners() };
}

/** Another process that holds the lock until it is killed. */
async function holdElsewhere(database: string) {
  const child = spawn(process.execPath, [fixture, database, "/home/me/project"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

describe("a project lock", () => {
  test("is refused while another process that lives holds it, naming the process and what it does", async () => {
    const database = await newDatabase();
    const child = await holdElsewhere(database);
    const message = expect.stringMatching(
      new RegExp(`assay heal elsewhere \\(process ${child.pid}, since .*/home/me/project`),
    );
    await expect(acquireProjectLock(request(database))).rejects.toMatchObject({
      fault: { code: "run-locked", message },
    });
    await using _other = await acquireProjectLock(request(database, "/home/me/other"));
    child.kill("SIGKILL");
    await once(child, "close");
  });

  test("is taken over at once from a process that was killed", async () => {
    const database = await newDatabase();
    const child = await holdElsewhere(database);
    child.kill("SIGKILL");
    await once(child, "close");
    await using _lock = await acquireProjectLock(request(database));
  });

  test("is refused within the same process too, and free again after disposal", async () => {
    const database = await newDatabase();
    {
      await using _lock = await acquireProjectLock(request(database));
      await expect(acquireProjectLock(request(database))).rejects.toMatchObject({ fault: { code: "run-locked" } });
    }
    await using _again = await acquireProjectLock(request(database));
  });

  test("can be forced from an owner that lives, whose release then leaves it alone", async () => {
    const database = await newDatabase();
    const first = await acquireProjectLock(request(database));
    await using _second = await acquireProjectLock({ ...request(database), force: true });
    await first[Symbol.asyncDispose]();
    await expect(acquireProjectLock(request(database))).rejects.toMatchObject({ fault: { code: "run-locked" } });
  });

  test("goes to exactly one of many that want it at the same time", async () => {
    const database = await newDatabase();
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => acquireProjectLock(request(database))));
    const locks = results.filter((result) => result.status === "fulfilled");
    expect(locks).toHaveLength(1);
    await locks[0]?.value[Symbol.asyncDispose]();
  });
});

describe("a process as owner", () => {
  const owners = new ProcessOwners();
  const self = JSON.parse(owners.self);

  test("is alive while it lives", () => {
    expect(owners.liveness(owners.self)).toBe("alive");
    expect(new ProcessOwners().liveness(owners.self)).toBe("alive");
    expect(new ProcessOwners().self).not.toBe(owners.self);
  });

  test("is dead when its pid was given to another process, its machine booted again, or it is gone", () => {
    const { pid: gone } = spawnSync("true");
    expect(owners.liveness(JSON.stringify({ ...self, start: "1" }))).toBe("dead");
    expect(owners.liveness(JSON.stringify({ ...self, boot: "another" }))).toBe("dead");
    expect(owners.liveness(JSON.stringify({ ...self, pid: gone }))).toBe("dead");
  });

  test("is unknown on another machine, in another pid namespace, and when the text says nothing", () => {
    expect(owners.liveness(JSON.stringify({ ...self, host: "other", boot: "another" }))).toBe("unknown");
    expect(owners.liveness(JSON.stringify({ ...self, pids: "pid:[1]" }))).toBe("unknown");
    for (const text of ["", "{}", "null", "pid 1", JSON.stringify({ ...self, pid: -1 })]) {
      expect(owners.liveness(text)).toBe("unknown");
      expect(owners.describe(text)).toBe("an unknown process");
    }
  });
});
