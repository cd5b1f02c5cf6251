import type { Conversation } from "./reply.ts";

/** Bytes of UTF-8 that make a token of the fakes. */
export const bytesPerToken = 4;

/** The tokenizer of the fakes: a token for every started four bytes of UTF-8. Nothing else counts: no roles, no separators. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** Tokens of a prompt: each message's, added. */
export function promptTokens(conversation: Conversation): number {
  const texts = [conversation.system ?? "", ...conversation.turns.map((turn) => turn.text)];
  return texts.reduce((sum, text) => sum + tokensOf(text), 0);
}

/** The first `tokensMax` tokens of a text, without half a character at the end. */
export function firstTokens(text: string, tokensMax: number): string {
  if (tokensOf(text) <= tokensMax) return text;
  return wholeCharacters(Buffer.from(text).subarray(0, tokensMax * bytesPerToken));
}

/** The last `tokensMax` tokens of a text, without half a character at the start. */
export function lastTokens(text: string, tokensMax: number): string {
  if (tokensOf(text) <= tokensMax) return text;
  const bytes = Buffer.from(text);
  return wholeCharacters(bytes.subarray(bytes.length - tokensMax * bytesPerToken));
}

function wholeCharacters(bytes: Uint8Array): string {
  let start = 0;
  while (start < bytes.length && isContinuation(bytes[start])) start += 1;
  // The streaming decoder holds an unfinished character back.
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(start), { stream: true });
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
