import { join } from "node:path";
import { afterAll } from "vitest";
import { scratch } from "../../test/support/scratch.ts";
import { circuitLogContract } from "../ports/circuit-log.contract.ts";
import { MemoryCircuitLog } from "./memory/memory-circuit-log.ts";
import { SqliteCircuitLog } from "./sqlite/sqlite-circuit-log.ts";

const scope = new AsyncDisposableStack();
afterAll(() => scope.disposeAsync());

circuitLogContract("MemoryCircuitLog", async () => ({ log: new MemoryCircuitLog(), other: new MemoryCircuitLog() }));

circuitLogContract("SqliteCircuitLog", async () => {
  const path = join(scope.use(await scratch()).path, "journal.db");
  const log = scope.use(await SqliteCircuitLog.open(path));
  return { log, other: scope.use(await SqliteCircuitLog.open(path, { tenant: "other" })) };
});
