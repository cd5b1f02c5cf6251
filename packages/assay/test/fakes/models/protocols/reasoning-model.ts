import type { Problem } from "../violation.ts";

const reasoningName = /^(o\d|gpt-5)/;

/** What OpenAI's reasoning models refuse of a request that others take. Source: OpenAI, "Reasoning models". */
export function reasoningModelProblems(
  model: string,
  given: { maxTokens?: number | undefined; temperature?: number | null | undefined },
): Problem[] {
  if (!reasoningName.test(model)) return [];
  const problems: Problem[] = [];
  if (given.maxTokens !== undefined) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'.";
    problems.push({ rule: "output-tokens", message });
  }
  if (typeof given.temperature === "number" && given.temperature !== 1) {
    problems.push({ rule: "temperature", message: "this model takes no temperature but 1" });
  }
  return problems;
}
