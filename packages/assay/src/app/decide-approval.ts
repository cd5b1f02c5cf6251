import { userInfo } from "node:os";
import { type Approval, approvalSchema, type DecidingKey, type Digest, type RunEvent } from "@assay/sdk";
import { approverName, type RunId, raise } from "#domain";
import type { Engine } from "#engine";
import { approvalSignal, isAbout } from "#workflows";

export type Decision = {
  approved: boolean;
  /** Absent: the account that this process runs under. */
  by?: string;
  note?: string;
  /** The key that it came by; absent: this process's own account decides. */
  key?: DecidingKey;
};

/** What counts, which may have been sent before, to a run that may be finished by now. */
export type Decided = {
  kind: "received" | "known";
  approval: Pick<Approval, "approved" | "by"> & Partial<Approval>;
  at: number;
  finished: boolean;
};

/**
 * Records a person's decision about the change that a run has proven. The first one counts: the same again changes nothing.
 * Faults: `usage` for a name or note that cannot be kept, for a run that asks for no approval, and for a decision other than the one
 * recorded; `run-finished`, `run-not-found`.
 */
export async function decideApproval(engine: Engine, run: RunId, decision: Decision): Promise<Decided> {
  const { events, state } = await engine.read(run);
  const known = recordedApproval(events);
  if (known !== undefined) return { ...same(run, known, decision), finished: state.result !== undefined };
  if (state.result !== undefined) raise("run-finished", `run ${run} is finished`, `see its result: assay show ${run}`);
  if (!awaitsApproval(events)) {
    raise("usage", `run ${run} has asked for no approval`, `see how it stands with: assay show ${run}`);
  }
  const { key } = decision;
  // Whoever sent it by a key is not the account that the daemon runs under.
  const sender = key === undefined ? { hostUser: hostUserName() } : { key };
  const parsed = approvalSchema.safeParse({
    approved: decision.approved,
    by: decision.by ?? (key === undefined ? hostUserName() : `key ${key.id}`),
    ...sender,
    ...(decision.note === undefined ? {} : { note: decision.note }),
    patch: patchOf(events),
    run,
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    raise("usage", `the approval's ${issue?.path.join(".")} cannot be kept: ${issue?.message}`, "give a shorter one");
  }
  const kind = await engine.signal(run, approvalSignal, parsed.data);
  const recorded = recordedApproval((await engine.read(run)).events);
  if (recorded === undefined) raise("journal-corrupt", `run ${run} lost its approval`, "restore the journal");
  // Somebody else may have been first.
  return { ...(kind === "received" ? { kind, ...recorded } : same(run, recorded, decision)), finished: false };
}

/** Whether the run waits for somebody to approve its change. */
export function awaitsApproval(events: readonly RunEvent[]): boolean {
  const asked = events.some((event) => event.type === "person-asked" && event.signal === approvalSignal);
  return asked && recordedApproval(events) === undefined && !events.some(({ type }) => type === "result");
}

/** Whether the run's change may be applied: nobody had to be asked, or it is the one that was approved, in this run. */
export function mayBeApplied(events: readonly RunEvent[]): boolean {
  const [first] = events;
  const wanted = first?.type === "run-started" && first.goal.kind === "heal" && first.goal.approve !== undefined;
  const asked = events.some((event) => event.type === "person-asked" && event.signal === approvalSignal);
  if (!wanted && !asked) return true;
  const { approval } = recordedApproval(events) ?? {};
  return approval?.approved === true && isAbout(approval, first?.runId ?? "", patchOf(events));
}

/** The account of the operating system that this process runs under. */
export function hostUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without an entry in the user database, as in many containers.
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

function patchOf(events: readonly RunEvent[]): Digest | undefined {
  const written = events.findLast((event) => event.type === "artifact-written" && event.kind === "patch");
  return written?.type === "artifact-written" ? written.digest : undefined;
}

function recordedApproval(events: readonly RunEvent[]): { approval: Approval; at: number } | undefined {
  const signal = events.find((event) => event.type === "signal-received" && event.name === approvalSignal);
  if (signal?.type !== "signal-received") return undefined;
  const { data } = approvalSchema.safeParse(signal.value);
  return data === undefined
    ? raise("journal-corrupt", "the recorded approval cannot be read", "start a new run")
    : { approval: data, at: signal.at };
}

function same(
  run: RunId,
  recorded: { approval: Approval; at: number },
  { approved }: Decision,
): Omit<Decided, "finished"> {
  const { approval, at } = recorded;
  if (approval.approved === approved) return { kind: "known", ...recorded };
  const what = approval.approved ? "approved" : "rejected";
  raise(
    "usage",
    `run ${run} was ${what} by ${approverName(approval)} at ${new Date(at).toISOString()}, and the first decision counts`,
    `see it with: assay show ${run} --audit`,
  );
}
