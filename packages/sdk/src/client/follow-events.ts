import type { RunEventType } from "../event.ts";
import { AssayProblem, ownProblem } from "./assay-problem.ts";
import type { Connection } from "./connection.ts";
import { eventConnection, type Received } from "./event-connection.ts";
import { pause, waitMs } from "./wait.ts";

export type EventsInput = {
  /** Position behind which it begins: 0 for all there is; absent: from now on. */
  after?: number | undefined;
  /** Of this run only. */
  run?: string | undefined;
  /** Of these types only. */
  types?: readonly RunEventType[] | undefined;
  /** With `run`: end behind its result. */
  untilResult?: boolean | undefined;
  /** Ends it; what waits then throws the signal's reason. */
  signal?: AbortSignal | undefined;
  /** How often in a row a connection may fail before that is thrown. Default: as often as it takes. */
  failuresMax?: number | undefined;
};

/**
 * Follows the stream of events through lost connections: each event once and in order, positions in between. Throws an `AssayProblem` for
 * what another try would not mend (no such key, a bad filter, another journal), and what `signal` was aborted with.
 */
export async function* followEvents(
  connection: Connection,
  { after, run, types, untilResult = false, signal, failuresMax = Number.POSITIVE_INFINITY }: EventsInput,
): AsyncGenerator<Received, void, void> {
  if (untilResult && run === undefined) {
    throw ownProblem("usage", 0, "untilResult without a run has no end", "name the run");
  }
  const wanted = types === undefined ? undefined : new Set(types);
  const asked = wanted === undefined ? undefined : [...wanted, ...(untilResult ? ["result"] : [])].join(",");
  let last = after;
  let retryMs = 1_000;
  let failures = 0;
  for (;;) {
    signal?.throwIfAborted();
    try {
      for await (const received of eventConnection(connection, { after: last, run, types: asked }, signal)) {
        failures = 0;
        retryMs = received.retryMs ?? retryMs;
        // A server that begins further back than it was asked to repeats itself.
        if (received.kind === "event" && last !== undefined && received.position <= last) continue;
        last = Math.max(last ?? 0, received.position);
        if (received.kind === "position" || wanted === undefined || wanted.has(received.event.type)) yield received;
        if (untilResult && received.kind === "event" && received.event.type === "result") return;
      }
    } catch (error) {
      if (!mayPass(error)) throw error;
      failures += 1;
      if (failures >= failuresMax) throw error;
    }
    await pause(waitMs(failures, retryMs, Math.random()), signal);
  }
}

/** Statuses of a daemon that is busy or coming up, and of a proxy before one that is not there. */
const passing = new Set([429, 502, 503, 504]);

function mayPass(error: unknown): boolean {
  if (!(error instanceof AssayProblem)) return false;
  return passing.has(error.status) || (error.status === 0 && error.code === "daemon-unreachable");
}
