import type { Readable, Writable } from "node:stream";
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  ProtocolErrorCode,
  type RequestId,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/server";
import { BoundedLines, type Line } from "./bounded-lines.ts";
import { readMessage } from "./read-message.ts";

export type LineTransportOptions = {
  input: Readable;
  output: Writable;
  /** A longer line is answered with an error and read no further. */
  lineBytesMax: number;
  /** Requests without an answer yet; one more is refused. */
  requestsMax: number;
};

/**
 * JSON-RPC messages, a line each. What cannot be read is answered as JSON-RPC asks for and does not end the connection; while the
 * client does not read its answers, nothing more is read of what it asks.
 */
export class LineTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** Settles when the client is gone or `close` was called. */
  readonly closed: Promise<void>;
  readonly #options: LineTransportOptions;
  readonly #lines: BoundedLines;
  readonly #unanswered = new Set<RequestId>();
  readonly #settleClosed: () => void;
  #isClosed = false;

  constructor(options: LineTransportOptions) {
    this.#options = options;
    this.#lines = new BoundedLines(options.lineBytesMax);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.#settleClosed = resolve;
  }

  async start(): Promise<void> {
    const { input, output } = this.#options;
    input.on("data", this.#onData).on("end", this.#onGone).on("close", this.#onGone).on("error", this.#onError);
    output.on("error", this.#onError).on("drain", this.#onDrain);
    // It may have ended before anybody listened.
    if (input.readableEnded || input.destroyed) setImmediate(this.#onGone);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#isClosed) throw new Error("the client is gone");
    if ((isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) && message.id !== undefined) {
      this.#unanswered.delete(message.id);
    }
    const { input, output } = this.#options;
    if (!output.write(serializeMessage(message))) input.pause();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { input, output } = this.#options;
    input.off("data", this.#onData).off("end", this.#onGone).off("close", this.#onGone).pause();
    output.off("drain", this.#onDrain);
    this.#settleClosed();
    this.onclose?.();
  }

  readonly #onData = (chunk: Buffer): void => {
    for (const line of this.#lines.push(chunk)) {
      if (this.#isClosed) return;
      this.#receive(line);
    }
  };

  readonly #onDrain = (): void => {
    this.#options.input.resume();
  };

  readonly #onGone = (): void => void this.close();

  /** A pipe that fails will not come back. */
  readonly #onError = (error: Error): void => {
    if (this.#isClosed) return;
    this.onerror?.(error);
    void this.close();
  };

  #receive(line: Line): void {
    if (line.kind === "too-long") {
      this.#refuse(ProtocolErrorCode.InvalidRequest, `a message may have ${this.#options.lineBytesMax} bytes`);
      return;
    }
    if (line.text.trim() === "") return;
    const read = readMessage(line.text);
    if (read.kind === "message") this.#deliver(read.message);
    else this.#refuse(read.code, read.why);
  }

  #deliver(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message)) {
      if (this.#unanswered.size >= this.#options.requestsMax) {
        const refusal = `${this.#options.requestsMax} requests wait for their answers already`;
        this.#refuse(ProtocolErrorCode.InternalError, refusal, message.id);
        return;
      }
      this.#unanswered.add(message.id);
    } else if (isJSONRPCNotification(message) && message.method === "notifications/cancelled") {
      // What was cancelled gets no answer.
      const { requestId } = message.params ?? {};
      if (typeof requestId === "string" || typeof requestId === "number") this.#unanswered.delete(requestId);
    }
    this.onmessage?.(message);
  }

  /** Without an id where the request's could not be read. */
  #refuse(code: ProtocolErrorCode, message: string, id?: RequestId): void {
    this.onerror?.(new Error(`refused: ${message}`));
    const about = id === undefined ? {} : { id };
    this.send({ jsonrpc: "2.0", ...about, error: { code, message } }).catch((error: Error) => this.onerror?.(error));
  }
}
