import { FaultError, fault } from "#domain";

/** https://www.sqlite.org/rescode.html; the low byte is the primary code. */
const codes = {
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  constraint: 19,
  notadb: 26,
};
/** The shared-memory file of the WAL could not grow. */
const ioerrShmsize = 4874;

/** The primary result code of an error of node:sqlite; `undefined` for any other error. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode === ioerrShmsize ? codes.full : error.errcode & 0xff;
}

/** Another connection holds the lock: worth another try. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === codes.busy || code === codes.locked;
}

/** What was to be written is not what the table takes. */
export function isConstraint(error: unknown): boolean {
  return sqliteCode(error) === codes.constraint;
}

/** The fault behind an error of node:sqlite; any other error comes back as it is. */
export function asSqliteFault(error: unknown, path: string): unknown {
  const wrap = (...parts: Parameters<typeof fault>) => new FaultError(fault(...parts), { cause: error });
  switch (sqliteCode(error)) {
    case codes.busy:
    case codes.locked:
      return wrap("run-locked", `another process keeps ${path} locked`, "wait for it to end, then try again");
    case codes.full:
      return wrap("disk-full", `no space left to write ${path}`, "free some space, then resume the run");
    case codes.readonly:
    case codes.cantopen:
    case codes.ioerr:
      return wrap(
        "state-not-writable",
        `cannot write ${path}: ${message(error)}`,
        "make the state directory and its files writable for this user",
      );
    case codes.corrupt:
    case codes.notadb:
      return wrap(
        "journal-corrupt",
        `${path} is damaged: ${message(error)}`,
        "keep a copy and save what can be read: assay doctor --journal --fix",
      );
    default:
      return error;
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
