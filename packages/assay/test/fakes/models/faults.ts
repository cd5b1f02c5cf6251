import type { Answer, Reply } from "./reply.ts";

/** The key is not known. */
export const unauthorized: Reply = { kind: "status", status: 401, message: "Incorrect API key provided." };

/** There is no such model, whatever the server says of its list. */
export const modelNotFound: Reply = { kind: "status", status: 404, message: "The model does not exist." };

/** Too many requests; says when to ask again, in seconds or as an HTTP date. */
export function rateLimited(retryAfterSeconds: number, as: "seconds" | "date" = "seconds"): Reply {
  const retryAfter = { seconds: retryAfterSeconds, as };
  return { kind: "status", status: 429, message: "Rate limit reached.", retryAfter };
}

/** The money is spent: a 429 that no waiting mends. Source: OpenAI, "Error codes". */
export const quotaExhausted: Reply = {
  kind: "status",
  status: 429,
  code: "insufficient_quota",
  message: "You exceeded your current quota, please check your plan and billing details.",
};

export const serverError: Reply = { kind: "status", status: 500, message: "Internal server error." };

/** Anthropic's own status for too much traffic. */
export const overloaded: Reply = { kind: "status", status: 529, message: "Overloaded" };

/** Accepts the request and never answers. */
export const hangs: Reply = { kind: "hang", after: "request" };

/** Answers the headers and then nothing. */
export const hangsAfterHeaders: Reply = { kind: "hang", after: "headers" };

/** Streams some text and then nothing; asked without streaming, nothing but the headers. */
export function hangsAfter(text: string): Reply {
  return { kind: "hang", after: { text } };
}

/** Ends the connection after so many characters: of the text when streaming, else of the body. */
export function cutAfter(afterCharacters: number, text: string): Reply {
  return { kind: "cut", text, afterCharacters };
}

/** Ends the response early as if all was said: a stream without its last events, a body without its end. */
export function endsEarly(afterCharacters: number, text: string): Reply {
  return { kind: "cut", text, afterCharacters, politely: true };
}

/** Overloaded in the middle of a stream, as Anthropic often is: the status was 200, the error is an event. */
export function breaksAfter(text: string): Reply {
  return { kind: "breaks", text, status: 529, message: "Overloaded" };
}

/** Broken JSON: the body, or an event of the stream after the text. */
export function malformed(text = "so far so good"): Reply {
  return { kind: "malformed", text };
}

/** Declines, in the protocol's own form. */
export function refusal(text = "I can't help with that."): Reply {
  return { kind: "answer", text, end: "refused" };
}

export const emptyAnswer: Reply = { kind: "answer", text: "" };

/** Ends at the token limit. */
export function truncated(text: string): Reply {
  return { kind: "answer", text, end: "truncated" };
}

/** Calls a tool that nobody offered. */
export function uninvitedTool(
  name = "run_shell",
  input: Readonly<Record<string, unknown>> = { command: "true" },
): Reply {
  return { kind: "answer", text: "", toolCall: { name, input } };
}

const dullLine = "All work and no play makes a model a dull model.\n";

/** So many megabytes of text, 10 if not told otherwise, whatever the limit of tokens is; there is no answer in it. */
export function floods(megabytes = 10): Answer {
  const lines = Math.ceil((megabytes * 1024 * 1024) / dullLine.length);
  return { kind: "answer", text: dullLine.repeat(lines), unlimited: true };
}

/** What a proxy or a portal says with status 200. */
export const htmlPage: Reply = {
  kind: "page",
  contentType: "text/html; charset=utf-8",
  body: "<!doctype html><title>Sign in</title><h1>Please sign in to use the network</h1>",
};
