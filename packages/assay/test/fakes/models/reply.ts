/** A call of a tool that a model made. */
export type ToolCall = { id: string; name: string };

/** One message of a conversation, whatever the protocol it came by. */
export type Turn = {
  role: "user" | "assistant" | "tool";
  text: string;
  calls: readonly ToolCall[];
  /** Ids of calls whose results this turn carries. */
  results: readonly string[];
};

/** What a model is shown. */
export type Conversation = { system?: string; turns: readonly Turn[] };

/** How an answer dribbles: so many characters, then a pause. */
export type Pace = { characters: number; delayMs: number };

/** `truncated` at the token limit; `refused` in the protocol's own form. */
export type Answer = {
  kind: "answer";
  text: string;
  end?: "truncated" | "refused";
  /** The answer calls this tool, whether or not it was offered. */
  toolCall?: { name: string; input: Readonly<Record<string, unknown>> };
  /** Tokens of the prompt that the provider says it had cached. */
  cachedTokens?: number;
  pace?: Pace;
  /** The limit of tokens that the request sets is not kept, as by a provider that has lost its mind. */
  unlimited?: boolean;
};

/** When the provider wants to be asked again, as it would say it: in seconds, or as a date (RFC 9110, 10.2.3). */
export type RetryAfter = { seconds: number; as: "seconds" | "date" };

export type Reply =
  | Answer
  /** An error in the provider's own form, or with a body of one's own. `code` is the provider's word for it, if not the usual one. */
  | {
      kind: "status";
      status: number;
      message?: string;
      code?: string;
      headers?: Readonly<Record<string, string>>;
      retryAfter?: RetryAfter;
      body?: string;
    }
  /** Accepts the request and falls silent: at once, after the headers, or after some text. */
  | { kind: "hang"; after: "request" | "headers" | { text: string } }
  /**
   * Answers, and ends after so many characters: of the text when streaming, else of the body. The connection is destroyed; or the
   * response ends as if all was said, as a proxy ends it whose upstream has gone.
   */
  | { kind: "cut"; text: string; afterCharacters: number; politely?: boolean }
  /** A stream that says so in the middle when it fails, in the provider's own form; without streaming, that status at once. */
  | { kind: "breaks"; text: string; status: number; message: string }
  /** Its JSON is broken: the body, or one event of a stream after the text. */
  | { kind: "malformed"; text: string }
  /** Something else than the protocol with status 200, as proxies and portals give. */
  | { kind: "page"; contentType: string; body: string };

/** Plays a model. `n` counts the calls of this model, from 0. Throws when its script is over: the server reports that as a violation. */
export type ScriptedModel = (conversation: Conversation, n: number) => Reply;

/** Text is an answer. */
export function toReply(reply: Reply | string): Reply {
  return typeof reply === "string" ? { kind: "answer", text: reply } : reply;
}
