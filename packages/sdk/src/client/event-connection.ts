import { type PositionedEvent, positionedEventSchema } from "../api/views.ts";
import { AssayProblem, ownProblem, parseJson } from "./assay-problem.ts";
import { queryText } from "./call-route.ts";
import { type Connection, chunksOf } from "./connection.ts";
import { serverSentEvents } from "./server-sent-events.ts";

/** `position`: all up to it was looked at. */
export type Received = ({ kind: "position"; position: number } | ({ kind: "event" } & PositionedEvent)) & {
  /** What the server asks for between two connections. */
  retryMs?: number | undefined;
};

/** Nothing was heard for three of the server's heartbeats. */
const silenceMsMax = 45_000;

/**
 * What one connection to the stream of events brings, until the server ends it. Throws an `AssayProblem`, with code `daemon-unreachable`
 * when the connection is lost or silent.
 */
export async function* eventConnection(
  connection: Connection,
  query: { after: number | undefined; run: string | undefined; types: string | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<Received, void, void> {
  const silence = new AbortController();
  try {
    const response = await heard(
      silence,
      connection.send({
        method: "GET",
        path: `/v1/events${queryText(query)}`,
        headers: { accept: "text/event-stream" },
        isWatched: true,
        signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
      }),
    );
    if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
      throw ownProblem("defect", response.status, "the answer is no stream of events", "check the daemon's address");
    }
    for await (const { id, data, retryMs } of serverSentEvents(listened(silence, chunksOf(response)))) {
      const position = Number(id);
      if (data !== undefined) yield { kind: "event", ...parseEvent(data), retryMs };
      else if (id !== "" && Number.isSafeInteger(position)) yield { kind: "position", position, retryMs };
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof AssayProblem) throw error;
    const why = silence.signal.aborted ? "nothing was heard for too long" : (error as Error).message;
    throw ownProblem("daemon-unreachable", 0, `the stream of events was lost: ${why}`, "connect again", error);
  }
}

function parseEvent(data: string): PositionedEvent {
  const parsed = positionedEventSchema.safeParse(parseJson(data));
  if (parsed.success) return parsed.data;
  throw ownProblem(
    "defect",
    200,
    "an event came that this client does not know",
    "use a client of the daemon's version",
  );
}

/** A reader that takes its time is no silence: only what is waited for counts. */
async function* listened(silence: AbortController, chunks: AsyncGenerator<Uint8Array, void, void>) {
  try {
    for (;;) {
      const next = await heard(silence, chunks.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await chunks.return();
  }
}

async function heard<T>(silence: AbortController, waiting: Promise<T>): Promise<T> {
  const timer = setTimeout(() => silence.abort(new Error("silence")), silenceMsMax);
  try {
    return await waiting;
  } finally {
    clearTimeout(timer);
  }
}
