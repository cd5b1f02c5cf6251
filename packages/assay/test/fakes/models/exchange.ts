import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { ProtocolName } from "./protocol.ts";

/** How a request ended; `open` while it has not. */
export type ExchangeEnd = "open" | "answered" | "closed-by-client" | "cut-by-server";

/** What the server knows of one request. */
export type RecordedRequest = {
  /** From 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  /** Secrets redacted. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly arrivedAtMs: number;
  /** As JSON, where it is JSON. */
  body: unknown;
  protocol?: ProtocolName;
  model?: string;
  /** Absent while nothing was answered. */
  status?: number;
  end: ExchangeEnd;
  /** Of the body. */
  bytesSent: number;
  /** Charged. */
  inputTokens: number;
  outputTokens: number;
  /** Resolves when the request has ended, by whomever. */
  readonly ended: Promise<ExchangeEnd>;
};

/** Sends a response and records it. After the client has gone, sending does nothing. */
export class Exchange {
  readonly record: RecordedRequest;
  readonly #response: ServerResponse;
  readonly #gone = new AbortController();

  constructor(response: ServerResponse, about: Pick<RecordedRequest, "number" | "method" | "path" | "headers">) {
    this.#response = response;
    const { promise, resolve } = Promise.withResolvers<ExchangeEnd>();
    this.record = {
      ...about,
      arrivedAtMs: Date.now(),
      body: undefined,
      end: "open",
      bytesSent: 0,
      inputTokens: 0,
      outputTokens: 0,
      ended: promise,
    };
    response.once("close", () => {
      if (this.record.end === "open") this.record.end = response.writableFinished ? "answered" : "closed-by-client";
      this.#gone.abort();
      resolve(this.record.end);
    });
  }

  /** Aborted when the connection is no more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    this.record.status = status;
    this.#response.writeHead(status, headers);
    this.#response.flushHeaders();
  }

  /** Waits until the client takes what it was sent before. */
  async write(text: string): Promise<void> {
    if (this.gone.aborted) return;
    this.record.bytesSent += Buffer.byteLength(text);
    if (this.#response.write(text)) return;
    // The client may go before it has taken everything: then there is nothing to wait for.
    await once(this.#response, "drain", { signal: this.gone }).catch(() => undefined);
  }

  end(): void {
    this.#response.end();
  }

  /** The whole response at once. */
  async send(
    status: number,
    contentType: string,
    body: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const length = String(Buffer.byteLength(body));
    this.head(status, { ...headers, "content-type": contentType, "content-length": length });
    await this.write(body);
    this.end();
  }

  async json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.send(status, "application/json", JSON.stringify(body), headers);
  }

  /** Ends the connection in the middle, after what was written has left. */
  cut(): void {
    if (this.gone.aborted) return;
    this.record.end = "cut-by-server";
    this.#response.socket?.destroySoon();
  }
}
