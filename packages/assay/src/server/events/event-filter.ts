import type { IncomingMessage } from "node:http";
import type { RouteQuery, Routes } from "@assay/sdk";
import { type EventFilter, type EventTail, parseEventTypes } from "#app";
import { raise, runId } from "#domain";

/**
 * What a client asked for. `Last-Event-ID` comes before `after`: a client that reconnects repeats its address as it was.
 * Throws `usage` for a run, type or position that cannot be.
 */
export function eventFilter(query: RouteQuery<Routes["events"]>, { headers }: IncomingMessage): EventFilter {
  return {
    after: lastEventId(headers["last-event-id"]) ?? query.after,
    run: query.run === undefined ? undefined : parseRun(query.run),
    types: query.types === undefined ? undefined : parseEventTypes(query.types),
  };
}

function lastEventId(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === "") return undefined;
  const position = typeof header === "string" && /^\d{1,16}$/.test(header) ? Number(header) : Number.NaN;
  if (Number.isSafeInteger(position)) return position;
  return raise(
    "usage",
    "Last-Event-ID is not a position of this journal",
    "send the id of the last event received, or none",
  );
}

function parseRun(text: string): string {
  try {
    return runId(text);
  } catch {
    return raise("usage", "run is not a run's id", "list the runs with GET /v1/runs");
  }
}

/** A position is only known from this journal's events, and they are never lost: it was replaced, e.g. by a backup. */
export async function refuseUnreached(tail: EventTail, after: number | undefined): Promise<void> {
  if (after === undefined) return;
  const head = await tail.head();
  if (after > head) {
    raise(
      "journal-conflict",
      `position ${after} is behind the end of this journal (${head}): it is not the one that was read before`,
      "begin again with after=0 or without a position",
    );
  }
}
