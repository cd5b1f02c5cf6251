import { AssayProblem, faultCodeSchema } from "@assay/sdk";
import { FaultError, fault } from "#domain";

/** Waits for a call of the daemon; its problem becomes the fault that it is about. `unanswered`: what to say when there is no answer. */
export async function asFault<T>(call: Promise<T>, unanswered?: string): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof AssayProblem)) throw error;
    const { code, detail, remedy } = error.problem;
    const known = faultCodeSchema.safeParse(code).data ?? "defect";
    if (known === "daemon-unreachable" && unanswered !== undefined) {
      throw new FaultError(fault(known, `${unanswered}: ${detail}`, "wait until it does, or stop it"), {
        cause: error,
      });
    }
    throw new FaultError(fault(known, detail, remedy), { cause: error });
  }
}
