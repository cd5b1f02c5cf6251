import { setTimeout as sleep } from "node:timers/promises";
import { AssayClient, AssayProblem, type PositionedEvent, type RunEventType } from "@assay/sdk";
import { SqliteJournal } from "#store";
import { openStateDirectory, type StateDirectory, statePlaces } from "../state-directory.ts";
import { EventTail } from "./event-tail.ts";

/** What it takes to talk to a daemon that owns the project. */
export type DaemonAddress = { url: string; key: string };

export type ProjectEventsFilter = {
  /** Position behind which it begins; absent: from now on. */
  after?: number;
  run?: string;
  types?: readonly RunEventType[];
};

/** A project's events as they are appended, by whichever process. */
export interface ProjectEvents extends AsyncDisposable {
  readonly root: string;
  /** Each once and in order, until `signal` is aborted: then it ends without an error. */
  follow(filter: ProjectEventsFilter, signal: AbortSignal): AsyncGenerator<PositionedEvent, void, void>;
}

/** Between two looks for a daemon that went away. */
const lookAgainMs = 250;

/**
 * Follows a project through its daemon where one runs, and otherwise straight from its journal. Positions are the same in both, so that
 * a daemon may stop and start in between. `findDaemon`: the one that lives now; it is asked again whenever a connection is lost.
 */
export async function openProjectEvents(
  directory: string,
  findDaemon: (state: string) => Promise<DaemonAddress | undefined>,
): Promise<ProjectEvents> {
  const state: StateDirectory = await openStateDirectory(directory);
  const journal = await SqliteJournal.open(statePlaces(state).journal);
  const tail = new EventTail(journal);

  async function* follow({ after, run, types }: ProjectEventsFilter, signal: AbortSignal) {
    let last = after ?? (await tail.head());
    let refused: DaemonAddress | undefined;
    while (!signal.aborted) {
      const daemon = await findDaemon(state.path);
      const filter = { after: last, run, types };
      try {
        for await (const event of daemon === undefined
          ? ofJournal(tail, filter, signal)
          : new AssayClient(daemon).events({ ...filter, signal, failuresMax: 1 })) {
          last = event.position;
          yield event;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof AssayProblem) || !mayBeAnother(error)) throw error;
        // A daemon that starts anew has a new key; one that refuses its own is not going to change its mind.
        if (error.status === 401 && refused?.key === daemon?.key) throw error;
        refused = error.status === 401 ? daemon : undefined;
      }
      await sleep(lookAgainMs, undefined, { signal }).catch(() => undefined);
    }
  }

  return { root: state.root, follow, [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose]() };
}

type Filter = { after: number; run: string | undefined; types: readonly RunEventType[] | undefined };

async function* ofJournal(
  tail: EventTail,
  { after, run, types }: Filter,
  signal: AbortSignal,
): AsyncGenerator<PositionedEvent, void, void> {
  const wanted = types === undefined ? undefined : new Set(types);
  // A journal that is watched keeps no process alive; who waits for its events does.
  const alive = setInterval(() => undefined, 2 ** 30);
  try {
    for await (const { events } of tail.subscribe({ after, run, types: wanted }, signal)) {
      for (const { position, event } of events) yield { position, event };
    }
  } finally {
    clearInterval(alive);
  }
}

/** The daemon is gone or stopping: there may be another by now, or none. */
function mayBeAnother({ code, status }: AssayProblem): boolean {
  return code === "daemon-unreachable" || code === "stopped" || status === 401;
}
