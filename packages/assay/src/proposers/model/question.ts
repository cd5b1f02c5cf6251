import type { ProposalRequest } from "#ports";
import { contextOf } from "./context/context-of.ts";
import { materialOf } from "./context/material.ts";
import { reveal } from "./context/reveal.ts";
import { goalOf } from "./prompts/goal.ts";
import { renderPrompt } from "./prompts/render-prompt.ts";

const filesMax = 20;

/**
 * The task as a person or an agent reads it, in Markdown: the same chosen context as a model gets, in at most `charactersMax` UTF-16 code
 * units. Where not even the least of it fits, the task without context, cut to that length.
 */
export async function describeTask(request: ProposalRequest, charactersMax: number): Promise<string> {
  const material = await materialOf(request);
  const { sourceFiles } = request.profile;
  const named = sourceFiles.slice(0, filesMax).map((file) => `\`${reveal(file).replaceAll(/[\n`]/g, "'")}\``);
  const more = sourceFiles.length > filesMax ? [`${sourceFiles.length - filesMax} other source files`] : [];
  const files = named.length === 0 ? "the code that the tests use" : [...named, ...more].join(", ");
  const title = request.brief === undefined ? "Failing tests" : "Code to be written";
  const around = (context: string): string =>
    renderPrompt("question.v1", { title, goal: goalOf(request), context, files }).replace(/\n{3,}/g, "\n\n");
  // A token is three bytes, and a character at least one.
  const tokensMax = Math.floor((charactersMax - around("").length) / 3);
  const context = contextOf(material.sections(), tokensMax);
  if (context.kind === "fits") return around(context.text);
  return around("There is no room for the failures and the code.").slice(0, Math.max(0, charactersMax));
}
