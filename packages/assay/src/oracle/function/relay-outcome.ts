import { z } from "zod";
import { fault } from "#domain";
import type { Execution, FunctionOutcome } from "#ports";
import type { RelayEnd } from "./relay.ts";

const text = z.string().transform((value) => value.slice(0, 2000).toWellFormed());

const toldSchema = z.object({
  secret: z.string(),
  outcome: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("passed") }),
    z.object({ kind: z.literal("failed"), type: text, message: text }),
    z.object({ kind: z.literal("invalid"), type: text, message: text }),
    z.object({ kind: z.literal("crashed"), message: text }),
    z.object({ kind: z.literal("flood"), message: text }),
    z.object({ kind: z.literal("no-calls") }),
    z.object({ kind: z.literal("out-of-memory") }),
    z.object({ kind: z.literal("unsupported"), message: text }),
  ]),
  calls: z.int().min(0),
  /** As the candidate's own process tells it. */
  cpuMs: z.number().min(0).max(86_400_000),
});
export type Told = z.infer<typeof toldSchema>;

/** The examiner's last word, `undefined` for anything that cannot be one. */
export function readTold(line: string, secret: string): Told | undefined {
  try {
    const told = toldSchema.parse(JSON.parse(line));
    return told.secret === secret ? told : undefined;
  } catch {
    return undefined;
  }
}

export type Ended = Pick<Execution, "termination" | "stderr">;

/** What a check showed, from how the relay ended; `candidate` tells how the candidate's command did where that was it. */
export function relayOutcome(
  end: Exclude<RelayEnd, { kind: "told" }>,
  candidate: Ended,
  examiner: Ended,
): FunctionOutcome {
  switch (end.kind) {
    case "late":
      return { kind: "timed-out", by: "wall" };
    case "cancelled":
      return { kind: "fault", fault: fault("interrupted", "interrupted while a function was checked") };
    case "flood":
      return { kind: "flood", message: "an answer is longer than allowed" };
    case "out-of-turn":
      return { kind: "crashed", message: "the candidate said something that it was not asked" };
    case "examiner-ended":
      return broken(`the process that runs the tests ended: ${described(examiner)}`);
    case "candidate-ended":
      return candidateOutcome(candidate);
  }
}

function candidateOutcome(ended: Ended): FunctionOutcome {
  const { termination, stderr } = ended;
  switch (termination.kind) {
    case "limited":
      if (termination.by === "memory") return { kind: "out-of-memory" };
      if (termination.by === "cpu") return { kind: "timed-out", by: "cpu" };
      if (termination.by === "output") return { kind: "flood", message: "it prints or answers more than allowed" };
      return { kind: "crashed", message: "it starts more processes than allowed" };
    case "sandbox-fault":
      return broken(termination.message);
    case "exited":
    case "signalled":
      // What V8 says before it aborts; whatever a candidate prints, neither of the two is a pass.
      if (/heap out of memory|out of memory$/m.test(stderr.text)) return { kind: "out-of-memory" };
      return { kind: "crashed", message: `the candidate's process ended before the tests: ${described(ended)}` };
    default:
      return { kind: "crashed", message: `the candidate's process ended: ${termination.kind}` };
  }
}

function described({ termination, stderr }: Ended): string {
  const how =
    termination.kind === "exited"
      ? `exit code ${termination.code}`
      : termination.kind === "signalled"
        ? termination.signal
        : termination.kind;
  const last = stderr.text.trim().slice(-300).toWellFormed();
  return last === "" ? how : `${how}; ${last}`;
}

function broken(message: string): FunctionOutcome {
  return { kind: "fault", fault: fault("sandbox-failed", message.slice(0, 1000), "run `assay doctor`") };
}
