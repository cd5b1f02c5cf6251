import { join } from "node:path";
import { afterAll } from "vitest";
import { scratch } from "../../test/support/scratch.ts";
import { workerRegistryContract } from "../ports/worker-registry.contract.ts";
import { MemoryWorkerRegistry } from "./memory/memory-worker-registry.ts";
import { SqliteWorkerRegistry } from "./sqlite/sqlite-worker-registry.ts";

const scope = new AsyncDisposableStack();
afterAll(() => scope.disposeAsync());

workerRegistryContract("MemoryWorkerRegistry", async () => async (options) => new MemoryWorkerRegistry(options));

workerRegistryContract("SqliteWorkerRegistry", async () => {
  const path = join(scope.use(await scratch()).path, "state", "journal.db");
  return async (options) => scope.use(await SqliteWorkerRegistry.open(path, options));
});
