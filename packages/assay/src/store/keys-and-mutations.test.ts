import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test } from "vitest";
import { scratch } from "../../test/support/scratch.ts";
import { apiKeysContract } from "../ports/api-keys.contract.ts";
import { mutationLogContract } from "../ports/mutation-log.contract.ts";
import { MemoryApiKeys } from "./memory/memory-api-keys.ts";
import { MemoryMutationLog } from "./memory/memory-mutation-log.ts";
import { SqliteApiKeys } from "./sqlite/sqlite-api-keys.ts";
import { SqliteMutationLog } from "./sqlite/sqlite-mutation-log.ts";

const scope = new AsyncDisposableStack();
afterAll(() => scope.disposeAsync());

async function newPath(): Promise<string> {
  return join(scope.use(await scratch()).path, "journal.db");
}

apiKeysContract("MemoryApiKeys", async (now) => new MemoryApiKeys(now));
apiKeysContract("SqliteApiKeys", async (now) => scope.use(await SqliteApiKeys.open(await newPath(), { now })));
mutationLogContract("MemoryMutationLog", async () => new MemoryMutationLog());
mutationLogContract("SqliteMutationLog", async () => scope.use(await SqliteMutationLog.open(await newPath())));

describe("SqliteApiKeys", () => {
  test("keeps nothing on the disk by which a key could be presented", async () => {
    const path = await newPath();
    using keys = await SqliteApiKeys.open(path);
    const { key } = await keys.create({ tenant: "a", name: "ci", scopes: ["read"] });
    const bytes = await Promise.all([path, `${path}-wal`].map((file) => readFile(file, "latin1").catch(() => "")));
    expect(bytes.join("")).toContain("api_keys");
    expect(bytes.join("")).not.toContain(key.split("_").slice(2).join("_"));
  });

  test("is the same for every process: what one revokes, the other finds revoked", async () => {
    const path = await newPath();
    using one = await SqliteApiKeys.open(path);
    using other = await SqliteApiKeys.open(path);
    const { key, view } = await one.create({ tenant: "a", name: "ci", scopes: ["read"] });
    await other.revoke("a", view.id);
    expect((await one.find(key))?.revokedAt).toBeTypeOf("number");
  });

  test("finds a key also where its use cannot be noted", async () => {
    const path = await newPath();
    using keys = await SqliteApiKeys.open(path, { lockWaitMsMax: 100 });
    const { key, view } = await keys.create({ tenant: "a", name: "ci", scopes: ["read"] });
    using other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    expect(await keys.find(key)).toEqual(view);
    other.exec("ROLLBACK");
    expect((await keys.find(key))?.lastUsedAt).toBeTypeOf("number");
  });

  test("says run-locked while another connection keeps the write lock", async () => {
    const path = await newPath();
    using keys = await SqliteApiKeys.open(path, { lockWaitMsMax: 100 });
    await using log = await SqliteMutationLog.open(path, { lockWaitMsMax: 100 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const locked = { fault: { code: "run-locked" } };
    await expect(keys.create({ tenant: "a", name: "ci", scopes: ["read"] })).rejects.toMatchObject(locked);
    const record = { at: 1, tenant: "a", key: "k", operation: "o", target: "/", status: 200, request: "r" };
    await expect(log.append(record)).rejects.toMatchObject(locked);
    other.exec("ROLLBACK");
    other.close();
    await log.append(record);
    expect(await log.read("a", 10)).toHaveLength(1);
  });
});
