import { FaultError, fault } from "#domain";

/** Names what went wrong on disk while Assay wrote its own state, as a `FaultError`. */
export function stateFault(doing: string, error: unknown): FaultError {
  if (error instanceof FaultError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new FaultError(fault("disk-full", `no space left while ${doing}`, "free some space and try again"), {
      cause: error,
    });
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new FaultError(
      fault("state-not-writable", `${doing}: ${message}`, "make the state folder writable, or set XDG_STATE_HOME"),
      { cause: error },
    );
  }
  return new FaultError(fault("workspace-failed", `${doing}: ${message}`), { cause: error });
}
