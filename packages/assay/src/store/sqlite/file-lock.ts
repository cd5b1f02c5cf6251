import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { asStateFault } from "../state-fault.ts";
import { asSqliteFault, isBusy } from "./sqlite-fault.ts";

/**
 * Locks a file, made where there is none, until it is disposed of or the process ends, however it does; `undefined` where another has it.
 * An open SQLite transaction is that lock: the operating system keeps it for the process. Throws `state-not-writable`, `disk-full`.
 */
export function takeFileLock(path: string): Disposable | undefined {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    database = new DatabaseSync(path, { timeout: 0 });
    const held = database;
    held.exec("BEGIN EXCLUSIVE");
    return { [Symbol.dispose]: () => held.close() };
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    throw asStateFault(asSqliteFault(error, path), path);
  }
}
