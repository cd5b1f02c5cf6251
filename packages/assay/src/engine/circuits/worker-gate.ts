import type { ClaimEnd } from "../queue/task-listener.ts";
import type { WorkerGate } from "../queue/worker-gate.ts";
import { workerCircuit } from "./circuit-policy.ts";
import type { Circuits } from "./circuits.ts";

/**
 * Gives no tasks to a worker whose tasks failed or expired in a row, or that gave back what it got time after time, until its circuit
 * lets one through as a probe.
 */
export function workerGate(circuits: Circuits): WorkerGate {
  /** Workers that have taken nothing since they gave something back: what they give back together, as one that leaves does, is one time. */
  const givingBack = new Set<string>();
  return {
    enter: (worker) => {
      givingBack.delete(worker);
      return circuits.enter(workerCircuit(worker)).kind === "allowed";
    },
    mayEnter: (worker, signal) => untilAllowed(circuits, workerCircuit(worker), signal),
    ended: (worker, how, { run, task, expiredElsewhere }) => {
      const circuit = workerCircuit(worker);
      const detail = `task ${task} of run ${run}: ${how}`;
      const gaveBackBefore = how === "returned" && givingBack.has(worker);
      if (how === "returned") givingBack.add(worker);
      // Who takes it is lost: that speaks against the task, which its tries and its kind of step count.
      const says = gaveBackBefore || (how === "expired" && expiredElsewhere) ? "nothing" : saysOf(how);
      if (says !== "nothing") {
        const infrastructure = how === "expired" ? { infrastructure: `worker ${worker}: ${detail}` } : {};
        circuits.tried({ run, worker, ...infrastructure });
      }
      switch (says) {
        case "good":
          return circuits.succeeded(circuit);
        case "bad":
          return circuits.failed(circuit, detail);
        case "nothing":
          return circuits.abandoned(circuit);
      }
    },
  };
}

/** What the end of a claim says of the worker: that somebody else stopped it is nothing it did. */
function saysOf(how: ClaimEnd): "good" | "bad" | "nothing" {
  switch (how) {
    case "done":
      return "good";
    case "failed":
    case "expired":
    case "gave-up":
    case "returned":
      return "bad";
    case "revoked":
    case "stopped":
    case "lost":
      return "nothing";
  }
}

async function untilAllowed(circuits: Circuits, circuit: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const refused = circuits.refusal(circuit);
    if (refused === undefined || signal.aborted) return;
    const changed = new AbortController();
    using _watch = circuits.watch(() => changed.abort());
    const waitMs = Math.max(1, refused.retryAt - circuits.clock.now());
    await circuits.clock.sleep(waitMs, AbortSignal.any([signal, changed.signal]));
  }
}
