import { answeredProblem, ownProblem } from "./assay-problem.ts";

export type AssayClientOptions = {
  /** Of the daemon, e.g. `http://127.0.0.1:8420`. */
  url: string;
  /** Absent in a browser that has a session: then its cookie speaks. */
  key?: string;
  /** Instead of the platform's, e.g. with an agent of its own. */
  fetch?: typeof globalThis.fetch;
  /** Of an answer. Default 64 MiB. */
  answerBytesMax?: number;
  /** Until an answer begins, beyond the time that sending a large body takes. Default 30 s. */
  answerMsMax?: number;
};

export type Request = {
  method: "GET" | "POST";
  /** From the daemon's root, with the query. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** The caller has a limit of its own: none here. */
  isWatched?: boolean;
};

/** Slower than this a body is not sent by anything that works. */
const sentBytesPerMs = 16;

/** The way to one daemon: adds the key, and makes a problem of whatever is no success. */
export class Connection {
  readonly #base: string;
  readonly #key: string | undefined;
  readonly #fetch: typeof globalThis.fetch;
  readonly #answerBytesMax: number;
  readonly #answerMsMax: number;

  constructor({ url, key, fetch, answerBytesMax, answerMsMax }: AssayClientOptions) {
    this.#base = new URL(url).href.replace(/\/$/, "");
    this.#key = key;
    // A browser's must be called as a function of the window.
    this.#fetch = fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#answerBytesMax = answerBytesMax ?? 64 * 1024 * 1024;
    this.#answerMsMax = answerMsMax ?? 30_000;
  }

  /** An answer of success, its body unread. Throws an `AssayProblem`; the signal's reason when that is aborted. */
  async send({ method, path, headers = {}, body, signal, isWatched = false }: Request): Promise<Response> {
    let response: Response;
    const content = body === undefined ? undefined : JSON.stringify(body);
    const late = new AbortController();
    const msMax = this.#answerMsMax + (content?.length ?? 0) / sentBytesPerMs;
    const timer = isWatched ? undefined : setTimeout(() => late.abort(), msMax);
    try {
      response = await this.#fetch(`${this.#base}${path}`, {
        method,
        headers: {
          ...(this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` }),
          ...(content === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        // The key must not follow a redirect.
        redirect: "error",
        cache: "no-store",
        credentials: this.#key === undefined ? "same-origin" : "omit",
        ...(content === undefined ? {} : { body: content }),
        signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (late.signal.aborted) throw silent(this.#base, msMax, error);
      throw unreachable(this.#base, error);
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) return response;
    throw answeredProblem(response.status, new TextDecoder().decode(await this.read(response, signal)));
  }

  /** The whole body, if it is no larger than is allowed. */
  async read(response: Response, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of chunksOf(response)) {
        length += chunk.length;
        if (length > this.#answerBytesMax) break;
        chunks.push(chunk);
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw unreachable(this.#base, error);
    }
    if (length > this.#answerBytesMax) {
      const detail = `the answer is longer than ${this.#answerBytesMax} bytes`;
      throw ownProblem("too-large", response.status, detail, "allow more with answerBytesMax, or ask for less");
    }
    const whole = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
}

/** A body's bytes as they come; leaving early gives the connection back. Not every browser iterates a stream by itself. */
export async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array, void, void> {
  if (body === null) return;
  const reader = body.getReader();
  let whole = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        whole = true;
        return;
      }
      yield value;
    }
  } finally {
    // A stream that failed says so again when it is cancelled, and that was told already.
    if (!whole) await reader.cancel().catch(() => undefined);
  }
}

function unreachable(base: string, cause: unknown) {
  const { message, cause: deeper } = cause as Error;
  const why = deeper instanceof Error && deeper.message !== "" ? deeper.message : message;
  return ownProblem("daemon-unreachable", 0, `no answer from ${base}: ${why}`, "start it with: assay serve", cause);
}

function silent(base: string, msMax: number, cause: unknown) {
  const detail = `no answer from ${base} within ${Math.round(msMax / 1000)} s`;
  return ownProblem(
    "daemon-unreachable",
    0,
    detail,
    "see whether its process works; allow more with answerMsMax",
    cause,
  );
}
