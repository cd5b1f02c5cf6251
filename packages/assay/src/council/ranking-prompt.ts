import { renderTemplate } from "#domain";
import { digestOf, type LanguageModel, type ModelMessage, type ModelRequest } from "#ports";
import { loadPrompt } from "./load-prompt.ts";
import { reveal } from "./reveal.ts";

/** Letters there are for changes. */
export const lettersMax = 26;

/** Of the failure's text; what is over is cut out of its middle. */
const failureCharactersMax = 12_000;
/** An order is short, but what a model thinks before it counts as well. */
const outputTokensMax = 4_096;
/** Code has about three bytes to a token; what is counted here is half as much again. */
const bytesPerToken = 2;
/** However much a model reads: who is shown so much compares nothing. */
const promptBytesMax = 500_000;
const nonceCharacters = 16;

export type RankingPrompt = { request: ModelRequest; letters: readonly string[] };

/** The question which of these diffs, in this order under letters from A, are the better ones. */
export function rankingPrompt(
  model: LanguageModel,
  salt: string,
  failureText: string,
  diffs: readonly string[],
): RankingPrompt {
  const letters = diffs.map((_, index) => String.fromCharCode(65 + index));
  const failure = shortened(reveal(failureText));
  const nonce = nonceFor(salt, [failure, ...diffs]);
  const messages: ModelMessage[] = [
    { role: "system", text: renderTemplate(loadPrompt("rank-system.v1"), { nonce }) },
    {
      role: "user",
      text: renderTemplate(loadPrompt("rank.v1"), {
        failure: fenced(nonce, "failure", failure),
        changes: diffs.map((diff, index) => fenced(nonce, `change ${letters[index]}`, diff)).join("\n\n"),
        count: String(diffs.length),
        letters: letters.join(", "),
      }),
    },
  ];
  const request: ModelRequest = {
    messages,
    outputTokensMax: Math.min(outputTokensMax, model.description.outputTokensMax),
    temperature: 0,
    schema: { name: "ranking", schema: answerSchema(letters) },
  };
  return { request, letters };
}

/** The same question once more, with why its answer could not be used. */
export function askedAgain({ request, letters }: RankingPrompt, answer: string, problem: string): RankingPrompt {
  const said = answer.trim() === "" ? "(an empty answer)" : answer.slice(0, 2_000);
  const text = renderTemplate(loadPrompt("rank-again.v1"), { problem, letters: letters.join(", ") });
  const messages = [...request.messages, { role: "assistant" as const, text: said }, { role: "user" as const, text }];
  return { request: { ...request, messages }, letters };
}

/** Whether the question and its answer fit into what the model reads. */
export function fits(model: LanguageModel, { messages, outputTokensMax }: ModelRequest): boolean {
  const bytes = messages.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return bytes <= promptBytesMax && bytes / bytesPerToken + outputTokensMax <= model.description.contextTokensMax;
}

/** A mark that none of the texts has. Who wrote one may guess the first marks and put them in; then a later one is taken. */
function nonceFor(salt: string, texts: readonly string[]): string {
  for (let attempt = 0; ; attempt += 1) {
    const nonce = digestOf(`${salt}\0${attempt}`).slice("sha256:".length, "sha256:".length + nonceCharacters);
    if (!texts.some((text) => text.includes(nonce))) return nonce;
  }
}

function fenced(nonce: string, what: string, text: string): string {
  return `----- ${nonce} begin ${what}\n${text.replace(/\n$/, "")}\n----- ${nonce} end ${what}`;
}

function shortened(text: string): string {
  if (text.length <= failureCharactersMax) return text;
  const half = failureCharactersMax / 2;
  return `${text.slice(0, half)}\n… ${text.length - failureCharactersMax} characters left out …\n${text.slice(-half)}`;
}

function answerSchema(letters: readonly string[]): Record<string, unknown> {
  return {
    type: "object",
    properties: {
      order: { type: "array", items: { type: "string", enum: letters } },
      abstain: { type: "string" },
    },
    required: ["order", "abstain"],
    additionalProperties: false,
  };
}
