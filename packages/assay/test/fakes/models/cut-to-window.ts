import type { Conversation } from "./reply.ts";
import { firstTokens, lastTokens, promptTokens, tokensOf } from "./tokens.ts";

/** Tokens at the start that Ollama's runner keeps when it cuts (`num_keep`). */
const keptTokens = 4;

/**
 * Drops the oldest of a prompt that is longer than the window, and says nothing, as Ollama does: first the oldest messages, but
 * never the system message and the last one; where those are too long by themselves, what follows their first four tokens.
 * Source: ollama, `server/prompt.go` (chatPrompt) and `runner/ollamarunner/runner.go` (NewSequence).
 */
export function cutToWindow(conversation: Conversation, windowTokens: number): Conversation {
  let turns = conversation.turns;
  const { system } = conversation;
  const withTurns = (): Conversation => (system === undefined ? { turns } : { system, turns });
  while (turns.length > 1 && promptTokens(withTurns()) > windowTokens) turns = turns.slice(1);
  const excess = promptTokens(withTurns()) - windowTokens;
  if (excess <= 0) return withTurns();
  if (system === undefined)
    return { turns: turns.map((turn) => ({ ...turn, text: withoutOldest(turn.text, excess) })) };
  const shorter = withoutOldest(system, excess);
  const rest = excess - (tokensOf(system) - tokensOf(shorter));
  const last = turns.map((turn) => ({ ...turn, text: lastTokens(turn.text, Math.max(0, tokensOf(turn.text) - rest)) }));
  return { system: shorter, turns: last };
}

/** A text without `tokens` tokens after its first four, or as many of them as there are. */
function withoutOldest(text: string, tokens: number): string {
  const kept = firstTokens(text, keptTokens);
  return kept + lastTokens(text.slice(kept.length), Math.max(0, tokensOf(text) - tokens - keptTokens));
}
