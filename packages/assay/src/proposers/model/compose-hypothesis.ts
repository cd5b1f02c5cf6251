import type { ProposalRequest } from "#ports";
import type { ComposeOptions, Composition } from "./compose.ts";
import { contextOf, messageTokens } from "./context/context-of.ts";
import { materialOf } from "./context/material.ts";
import { tooSmall } from "./context/too-small.ts";
import { adviceOf, causeGoalOf } from "./prompts/goal.ts";
import { renderPrompt } from "./prompts/render-prompt.ts";

/**
 * The prompt that asks for the cause alone, from the same context as a repair; `readHypothesis` reads the answer. Throws a `FaultError`
 * of code `model-rejected` where not even the least fits.
 */
export async function composeHypothesis(
  request: ProposalRequest,
  { window, structured = false }: Pick<ComposeOptions, "window" | "structured">,
): Promise<Omit<Composition, "mode">> {
  const material = await materialOf(request);
  const answer = renderPrompt(structured ? "hypothesis-structured.v1" : "hypothesis-answer.v1");
  const system = renderPrompt("hypothesis-system.v1", { answer });
  const ask = (context: string): string =>
    renderPrompt("hypothesis.v1", { goal: causeGoalOf(request), advice: adviceOf(request), context });
  const used = messageTokens(system) + messageTokens(ask(""));
  const context = contextOf(material.sections(), window.contextTokensMax - window.outputTokensMax - used);
  if (context.kind === "too-small") return tooSmall(window, context.tokensMin + used);
  const messages = [
    { role: "system" as const, text: system },
    { role: "user" as const, text: ask(context.text) },
  ];
  return { prompt: "hypothesis@1", messages, shown: context.shown };
}
