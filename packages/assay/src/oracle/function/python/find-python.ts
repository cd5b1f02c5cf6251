import { raise } from "#domain";
import { describePython, findSystemPythons, type SystemPython } from "../../detect/python/system-python.ts";

/** What the assets need: `os.pidfd_open` and `os.waitstatus_to_exitcode`. */
const minorMin = 9;

/** The first Python 3.9 or later of this machine that may be started. Throws a `FaultError`: `tool-missing`. */
export async function findPython(): Promise<SystemPython> {
  for (const path of await findSystemPythons("/nonexistent", undefined)) {
    const python = await describePython(path);
    if (!("reason" in python) && Number(python.version.split(".")[1]) >= minorMin) return python;
  }
  return raise(
    "tool-missing",
    `there is no Python 3.${minorMin} or later on PATH`,
    "install python3 with the system's package manager, e.g. sudo apt-get install -y python3",
  );
}
