import type { IncomingMessage, ServerResponse } from "node:http";
import type { EventTail, TailBatch } from "#app";
import { raise } from "#domain";
import type { Caller } from "../caller.ts";
import type { RouteCall } from "../handlers.ts";
import { beginStream } from "./begin-stream.ts";
import { eventFilter, refuseUnreached } from "./event-filter.ts";
import { eventFrame, positionFrame, retryFrame } from "./frames.ts";
import { whenRead } from "./slow-client.ts";

export type EventStreamsOptions = {
  /** The events of a tenant, one tail for all of its clients. */
  tailOf: (tenant: string) => EventTail | Promise<EventTail>;
  /** Whether the caller's key (or session) still holds and may read. Asked at each heartbeat. */
  stillAllowed: (caller: Caller) => boolean | Promise<boolean>;
  /** Default 15,000. */
  heartbeatMs?: number;
  /** Bytes that may wait for a client before it has to take them. Default 1 MiB. */
  bufferedBytesMax?: number;
  /** How long it may take for that. Default 10,000. */
  stalledMsMax?: number;
  /** Open streams of one key. Default 1,000. */
  streamsPerKeyMax?: number;
  /** Open streams in all. Default 2,000. */
  streamsMax?: number;
  /** What clients that were cut off wait before they come back. Default 1,000. */
  retryMs?: number;
};

/** What an operation on the connection itself needs of its call. */
export type EventsCall = Pick<RouteCall<"events">, "caller" | "query">;

type Stream = { caller: Caller; end: () => void };

/** How far a client has been told: never further than what was written, and never back. */
type Sent = { through: number };

/**
 * The streams of server-sent events (`GET /v1/events`). An event's `id` is its position, so that `Last-Event-ID` resumes without a gap or a
 * duplicate. A client that does not take what waits for it is cut off; memory does not grow with it.
 */
export class EventStreams {
  readonly #options: Required<EventStreamsOptions>;
  readonly #streams = new Set<Stream>();
  #closed = false;

  constructor(options: EventStreamsOptions) {
    this.#options = {
      heartbeatMs: 15_000,
      bufferedBytesMax: 1024 * 1024,
      stalledMsMax: 10_000,
      streamsPerKeyMax: 1_000,
      streamsMax: 2_000,
      retryMs: 1_000,
      ...options,
    };
  }

  /** How many are open. */
  get open(): number {
    return this.#streams.size;
  }

  /**
   * Answers with a stream that ends when the client goes, its key no longer holds, or the server stops. Throws a `FaultError` before
   * anything was sent: `usage`, `rate-limited` (of this key), `daemon-unreachable` (of all), `stopped`, `journal-conflict` (a position that
   * this journal has not reached), and what reading it throws. What goes wrong later ends the stream and is thrown, too: whoever called
   * looks at `headersSent` before it answers.
   */
  async serve(call: EventsCall, response: ServerResponse, request: IncomingMessage): Promise<void> {
    if (response.destroyed) return;
    const filter = eventFilter(call.query, request);
    this.#admit(call.caller);
    const gone = new AbortController();
    const stream: Stream = { caller: call.caller, end: () => gone.abort() };
    this.#streams.add(stream);
    response.once("close", stream.end);
    // What is written to a connection that somebody has just closed is an error that nobody else takes.
    response.on("error", stream.end);
    try {
      const tail = await this.#options.tailOf(call.caller.tenant);
      await refuseUnreached(tail, filter.after);
      await this.#send(tail.subscribe(filter, gone.signal), response, call.caller, gone);
    } finally {
      this.#streams.delete(stream);
      response.off("close", stream.end);
    }
  }

  /** Ends the streams of a key at once, e.g. when it is revoked. */
  endOf(keyId: string): void {
    for (const { caller, end } of this.#streams) if (caller.keyId === keyId) end();
  }

  /** Ends every stream and takes no more: clients come back when there is a server again. */
  close(): void {
    this.#closed = true;
    for (const { end } of this.#streams) end();
  }

  #admit({ keyId }: Caller): void {
    const { streamsMax, streamsPerKeyMax } = this.#options;
    if (this.#closed) raise("stopped", "the daemon is stopping", "try again when it runs again");
    if (this.#streams.size >= streamsMax) {
      raise(
        "daemon-unreachable",
        `${streamsMax} event streams are open, which is as many as may be`,
        "try again later",
      );
    }
    const own = [...this.#streams].filter(({ caller }) => caller.keyId === keyId).length;
    if (own >= streamsPerKeyMax) {
      raise("rate-limited", `this key has ${own} event streams open, which is as many as it may`, "close some of them");
    }
  }

  async #send(
    batches: ReturnType<EventTail["subscribe"]>,
    response: ServerResponse,
    caller: Caller,
    gone: AbortController,
  ): Promise<void> {
    const { heartbeatMs, retryMs } = this.#options;
    const sent: Sent = { through: 0 };
    let failure: { error: unknown } | undefined;
    let heart: NodeJS.Timeout | undefined;
    const beat = () =>
      this.#beat(response, caller, sent).then(
        (holds) => holds || gone.abort(),
        (error) => {
          failure = { error };
          gone.abort();
        },
      );
    try {
      for await (const batch of batches) {
        if (!response.headersSent) {
          beginStream(response);
          response.write(retryFrame(retryMs) + positionFrame(batch.through, "from here"));
          heart = setInterval(beat, heartbeatMs);
        }
        if (!(await this.#write(response, batch, sent, gone.signal))) {
          response.destroy();
          break;
        }
      }
    } finally {
      clearInterval(heart);
      if (response.headersSent) response.end();
    }
    if (failure !== undefined) throw failure.error;
  }

  /** False: the client does not take it. */
  async #write(
    response: ServerResponse,
    { events, through }: TailBatch,
    sent: Sent,
    signal: AbortSignal,
  ): Promise<boolean> {
    response.cork();
    for (const event of events) {
      response.write(eventFrame(event));
      sent.through = event.position;
      if (response.writableLength <= this.#options.bufferedBytesMax) continue;
      response.uncork();
      if (!(await whenRead(response, this.#options, signal))) return false;
      response.cork();
    }
    response.uncork();
    sent.through = through;
    return true;
  }

  /** Says that the connection is alive, and where it stands. False: the key does not hold any more. */
  async #beat(response: ServerResponse, caller: Caller, sent: Sent): Promise<boolean> {
    if (!(await this.#options.stillAllowed(caller))) return false;
    // Who has not taken what waits for it is told nothing in addition.
    if (response.writableLength === 0) response.write(positionFrame(sent.through, "here"));
    return true;
  }
}
