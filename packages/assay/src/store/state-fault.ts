import { FaultError, fault } from "#domain";

const full = ["ENOSPC", "EDQUOT"];
/** ENOENT is what Node says of a recursive mkdir on a read-only file system. */
const unwritable = [
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "ENAMETOOLONG",
  "ELOOP",
  "EIO",
  "EMFILE",
  "ENFILE",
];

/** The fault behind a file system error on Assay's own state; any other error comes back as it is. */
export function asStateFault(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  if (full.includes(error.code)) {
    return new FaultError(
      fault("disk-full", `no space left to write ${path}`, "free some space, then resume the run"),
      {
        cause: error,
      },
    );
  }
  if (unwritable.includes(error.code)) {
    return new FaultError(
      fault(
        "state-not-writable",
        `cannot use ${path}: ${error.message}`,
        "make the state directory writable for this user",
      ),
      { cause: error },
    );
  }
  return error;
}
