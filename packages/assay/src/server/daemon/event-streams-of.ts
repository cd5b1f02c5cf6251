import { EventTail } from "#app";
import { EventStreams, type EventStreamsOptions } from "../events/event-streams.ts";
import type { Supervisor } from "../supervisor/supervisor.ts";

/** Streams over the journals of a supervisor's tenants, one tail for each that somebody follows. */
export function eventStreamsOf(
  supervisor: Supervisor,
  stillAllowed: EventStreamsOptions["stillAllowed"],
): EventStreams {
  const tails = new Map<string, Promise<EventTail>>();
  const tailOf = (tenant: string) => {
    const tail = tails.get(tenant) ?? supervisor.desk(tenant).then(({ project }) => new EventTail(project.journal));
    tails.set(tenant, tail);
    // What could not be opened is tried again by whoever asks next.
    tail.catch(() => tails.delete(tenant));
    return tail;
  };
  return new EventStreams({ tailOf, stillAllowed });
}
