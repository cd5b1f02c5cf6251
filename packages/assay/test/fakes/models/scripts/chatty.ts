import type { ScriptedModel } from "../reply.ts";

/**
 * Gives a right answer, the last of several fences, wrapped in prose. A fence of another language before it holds an example that
 * is no answer.
 */
export function chatty(answer: string, language = "yaml"): ScriptedModel {
  const text = [
    "Great question! Let me think about it step by step.",
    "First, this is how one would look at it in the shell:",
    "```sh\ngrep -rn 'return' src\n```",
    "That told me everything, so here is what I suggest:",
    `\`\`\`${language}\n${answer.replace(/\n$/, "")}\n\`\`\``,
    "This mends the problem. Let me know if you would like me to explain anything further!",
  ].join("\n\n");
  return () => ({ kind: "answer", text });
}
