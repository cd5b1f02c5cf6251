import type { Stream } from "@agentclientprotocol/sdk";
import type { SandboxSession } from "#ports";
import { type AgentMessage, agentMessageSchema } from "./agent-messages.ts";

export type StreamBounds = { messagesMax: number; charactersMax: number; strayLinesMax: number };

export const streamBounds: StreamBounds = {
  messagesMax: 200_000,
  charactersMax: 256 * 1024 * 1024,
  strayLinesMax: 1_000,
};

export type StreamWatch = {
  /** Every notification, which goes nowhere else. */
  onNotification(method: string, params: unknown): void;
  /** Every message. */
  onMessage(): void;
  /** A bound was passed; nothing is read any more. */
  onFlood(what: string): void;
};

/**
 * The protocol's messages over a sandboxed command: lines to its standard input, lines from its descriptor 3. Only what has the form of a
 * message passes, and of answers only those to what was asked; a line that is none (a program printed something) is skipped.
 */
export function agentStream(session: SandboxSession, bounds: StreamBounds, watch: StreamWatch): Stream {
  const asked = new Set<unknown>();
  const lines = session.lines[Symbol.asyncIterator]();
  const reading = new Reading(bounds);
  const read = async (): Promise<AgentMessage | undefined> => {
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      const message = reading.parse(next.value);
      if (reading.flooded !== undefined) {
        watch.onFlood(reading.flooded);
        return undefined;
      }
      if (message === undefined) continue;
      watch.onMessage();
      if (!("id" in message)) watch.onNotification(message.method, message.params);
      else if ("method" in message || asked.delete(message.id)) return message;
    }
    return undefined;
  };
  return {
    readable: new ReadableStream({
      async pull(controller) {
        const message = await read();
        if (message === undefined) controller.close();
        else controller.enqueue(message as never);
      },
    }),
    writable: new WritableStream({
      write(message) {
        if ("id" in message && "method" in message) asked.add(message.id);
        session.send(JSON.stringify(message));
      },
    }),
  };
}

/** Counts lines and turns them into messages. */
class Reading {
  flooded: string | undefined;
  readonly #bounds: StreamBounds;
  #messages = 0;
  #characters = 0;
  #stray = 0;

  constructor(bounds: StreamBounds) {
    this.#bounds = bounds;
  }

  parse(line: string): AgentMessage | undefined {
    const { messagesMax, charactersMax, strayLinesMax } = this.#bounds;
    this.#messages += 1;
    this.#characters += line.length;
    if (this.#messages > messagesMax) this.flooded = `more than ${messagesMax} messages`;
    else if (this.#characters > charactersMax) this.flooded = `more than ${charactersMax} characters`;
    if (this.flooded !== undefined) return undefined;
    const message = messageOf(line);
    if (message === undefined) this.#stray += 1;
    if (this.#stray > strayLinesMax)
      this.flooded = `more than ${strayLinesMax} lines that are no messages of the protocol`;
    return message;
  }
}

function messageOf(line: string): AgentMessage | undefined {
  try {
    return agentMessageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    // Not JSON: something printed by a program that should have used the other stream.
    return undefined;
  }
}
