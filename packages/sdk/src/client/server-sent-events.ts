/** A block of a stream: an event where there is data; without data, a new last id or time to wait. */
export type ServerSentEvent = {
  /** The last id seen so far in the stream; empty for none. */
  id: string;
  /** `message` where it has no name. */
  type: string;
  /** Absent: nothing was dispatched. */
  data?: string;
  retryMs?: number;
};

const textMax = 64 * 1024 * 1024;

/**
 * Parses `text/event-stream` as https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation has it: lines end
 * with CR, LF or both, a byte order mark at the beginning is dropped, what follows the last empty line is no event. Unlike there, a block
 * without data is given too, as it may hold an id. Throws a `RangeError` for a block of more than 64 Mi characters.
 */
export async function* serverSentEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void, void> {
  const decoder = new TextDecoder();
  const block = new Block();
  let text = "";
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    let start = 0;
    for (;;) {
      const line = nextLine(text, start);
      if (line === undefined) break;
      start = line.next;
      const event = block.add(line.text);
      if (event !== undefined) yield event;
    }
    text = text.slice(start);
    if (text.length + block.length > textMax) throw new RangeError(`an event is longer than ${textMax} characters`);
  }
}

/** `undefined`: the line has not ended yet. A CR at the very end may be half of a CRLF. */
function nextLine(text: string, start: number): { text: string; next: number } | undefined {
  const lineFeed = text.indexOf("\n", start);
  const carriageReturn = text.slice(start, lineFeed < 0 ? undefined : lineFeed).indexOf("\r");
  if (carriageReturn < 0) return lineFeed < 0 ? undefined : { text: text.slice(start, lineFeed), next: lineFeed + 1 };
  const end = start + carriageReturn;
  if (end === text.length - 1) return undefined;
  return { text: text.slice(start, end), next: text[end + 1] === "\n" ? end + 2 : end + 1 };
}

/** The lines between two empty ones. */
class Block {
  #id = "";
  #type = "";
  #data: string[] = [];
  #retryMs: number | undefined;
  length = 0;

  add(line: string): ServerSentEvent | undefined {
    if (line === "") return this.#end();
    this.length += line.length;
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.#data.push(value);
    else if (name === "event") this.#type = value;
    else if (name === "id" && !value.includes("\0")) this.#id = value;
    else if (name === "retry" && /^\d{1,9}$/.test(value)) this.#retryMs = Number(value);
    return undefined;
  }

  #end(): ServerSentEvent {
    const event: ServerSentEvent = {
      id: this.#id,
      type: this.#type === "" ? "message" : this.#type,
      ...(this.#data.length === 0 ? {} : { data: this.#data.join("\n") }),
      ...(this.#retryMs === undefined ? {} : { retryMs: this.#retryMs }),
    };
    this.#type = "";
    this.#data = [];
    this.#retryMs = undefined;
    this.length = 0;
    return event;
  }
}
