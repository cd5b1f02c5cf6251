import { AssayProblem, type Fault, faultCodeSchema } from "@assay/sdk";
import { FaultError, fault } from "#domain";
import { answersSignals } from "#ports";

/** Waits for a call of the daemon; its problem becomes the fault that it is about. `pid`: the daemon's process. */
export async function asFault<T>(call: Promise<T>, pid?: number): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof AssayProblem)) throw error;
    const { code, detail, remedy } = error.problem;
    const known = faultCodeSchema.safeParse(code).data ?? "defect";
    const isUnanswered = known === "daemon-unreachable" && pid !== undefined;
    const said = isUnanswered ? unanswered(pid, detail) : fault(known, detail, remedy);
    throw new FaultError(said, { cause: error });
  }
}

function unanswered(pid: number, detail: string): Fault {
  return answersSignals(pid)
    ? fault(
        "daemon-unreachable",
        `assay serve (process ${pid}) owns this project, lives and does not answer: ${detail}`,
        `wait until it does, or stop it: kill ${pid}`,
      )
    : fault("daemon-unreachable", `assay serve (process ${pid}) has ended: ${detail}`, "try again without it");
}
