import type { IncomingHttpHeaders } from "node:http";
import type { Answer, Conversation } from "./reply.ts";
import type { Problem } from "./violation.ts";

export type ProtocolName =
  | "openai-chat"
  | "openai-responses"
  | "anthropic"
  | "google"
  | "ollama"
  | "ollama-chat"
  | "vllm-chat";

/** A request for an answer, read. */
export type Call = {
  model: string;
  stream: boolean;
  conversation: Conversation;
  /** Names of the tools it offers. */
  tools: readonly string[];
  /** The tool that it must be answered with: then an answer that is a JSON object is a call of it. */
  forcedTool?: string;
  outputTokensMax?: number;
  /** A stream tells its usage only if asked. */
  streamUsage: boolean;
  /** Tokens of the window that the request itself asks for; of Ollama. */
  windowTokens?: number;
};

export type Reading = { kind: "call"; call: Call } | { kind: "problems"; problems: Problem[] };

export type Usage = { inputTokens: number; cachedTokens: number; outputTokens: number };

/** What is put on the wire. */
export type Output = {
  /** Of the request; makes the ids in the answer. */
  number: number;
  model: string;
  text: string;
  /** The text in the pieces a stream gives it in. */
  pieces: readonly string[];
  end: "complete" | "truncated" | "refused" | "tool-call";
  toolCall?: NonNullable<Answer["toolCall"]>;
  usage: Usage;
};

/** A bit of a stream, and how many characters of the answer's text are in it. */
export type Frame = { wire: string; characters: number };

export type Refusal = { status: number; body: unknown };

/** An HTTP error to be put into the provider's form. */
export type Failure = { status: number; message: string; code?: string };

/** What came over the wire, parsed as JSON. `model`: the one in the path, where the protocol has it there. */
export type WireRequest = {
  headers: IncomingHttpHeaders;
  body: unknown;
  model?: string;
  stream?: boolean;
};

/** One wire protocol: pure; the server does the sending. */
export type Protocol = {
  readonly name: ProtocolName;
  /** Of streams. */
  readonly streamType: "text/event-stream" | "application/x-ndjson";
  /** The key in its form; a problem where it is missing or malformed; `undefined` where the protocol needs none. */
  key(headers: IncomingHttpHeaders, query: URLSearchParams): { key: string } | Problem | undefined;
  read(request: WireRequest): Reading;
  /** How the provider says that a request is wrong. */
  refuse(problem: Problem): Refusal;
  /** How the provider says that something failed. */
  fail(failure: Failure): unknown;
  /** The same in the middle of a stream, as it goes over the wire. */
  failInStream(failure: Failure): string;
  /** A prompt that is longer than the window loses its oldest part, and nobody is told. */
  readonly cutsPrompts: boolean;
  /** How the provider says that prompt and answer are too long for the model's window; `undefined`: they are not. */
  overflow(tokens: { input: number; output: number; max: number }): Failure | undefined;
  whole(output: Output): unknown;
  stream(output: Output, call: Call): Iterable<Frame>;
};

/** A server-sent event. */
export function event(data: unknown, name?: string): string {
  return `${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** When everything was made, in seconds: answers are the same at any time. */
export const createdSeconds = 1_767_225_600;
