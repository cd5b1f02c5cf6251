import type { ModelMessage, ProposalRequest } from "#ports";
import { contextOf, messageTokens } from "./context/context-of.ts";
import { estimateTokens } from "./context/estimate-tokens.ts";
import { type Material, materialOf } from "./context/material.ts";
import { tooSmall } from "./context/too-small.ts";
import type { EditMode } from "./edit-mode.ts";
import { type Complaint, complaintMessages } from "./prompts/complaint.ts";
import { adviceOf, goalOf } from "./prompts/goal.ts";
import { renderPrompt } from "./prompts/render-prompt.ts";
import { wantedOf } from "./prompts/wanted.ts";

export type { EditMode } from "./edit-mode.ts";

export type Composition = {
  /** The prompt's file and version, e.g. `repair@1`. */
  prompt: string;
  messages: ModelMessage[];
  /** What is asked for: the mode wished for, or `diff` where the file to be rewritten cannot be shown whole. */
  mode: EditMode;
  /** Files whose text is in it, sorted. */
  shown: readonly string[];
};

export type ComposeOptions = {
  mode: EditMode;
  /** Prompt and answer must fit. */
  window: { contextTokensMax: number; outputTokensMax: number };
  /** The answer before was unusable: it, and exactly why. */
  complaint?: Complaint;
  /** The model gives structured output natively: the prompt does not explain YAML then. */
  structured?: boolean;
};

/** Tokens of an answer beside the new content of a file. */
const answerTokens = 600;

type Attempt = { kind: "composed"; composition: Composition } | { kind: "too-small"; tokensMin: number };

/**
 * The prompt for a request: what is wanted, the failures, the code they lead to, what was tried, as much of it as the model's window
 * holds beside its answer. Everything that others wrote is fenced, without secrets, and the same request makes the same prompt. Tokens are
 * estimated, three bytes each. Throws a `FaultError` of code `model-rejected` where not even the least fits.
 */
export async function compose(request: ProposalRequest, options: ComposeOptions): Promise<Composition> {
  const material = await materialOf(request);
  const modes: EditMode[] = options.mode === "rewrite" && material.hasCode ? ["rewrite", "diff"] : [options.mode];
  let tokensMin = Number.POSITIVE_INFINITY;
  for (const mode of modes) {
    if (mode === "rewrite" && material.hasCode && !isRewritable(material, options)) continue;
    const attempt = composeIn(mode, material, request, options);
    if (attempt.kind === "composed") return attempt.composition;
    tokensMin = Math.min(tokensMin, attempt.tokensMin);
  }
  return tooSmall(options.window, tokensMin);
}

/** The file can be shown as it is, and written out in one answer. */
function isRewritable({ whole }: Material, { window }: ComposeOptions): boolean {
  return whole !== undefined && estimateTokens(whole.text) + answerTokens <= window.outputTokensMax;
}

function composeIn(mode: EditMode, material: Material, request: ProposalRequest, options: ComposeOptions): Attempt {
  const { window, complaint, structured = false } = options;
  const step = request.brief !== undefined && (request.earlier ?? []).length === 0 ? "write" : "repair";
  const whole = mode === "rewrite" ? material.whole : undefined;
  const wanted = wantedOf(mode, whole?.file);
  const form = renderPrompt(structured ? "answer-structured.v1" : `answer-${mode}.v1`);
  const system = renderPrompt(`${step}-system.v1`, { answer: form });
  const fixed = { goal: goalOf(request), wanted, ...(step === "repair" && { advice: adviceOf(request) }) };
  const ask = (context: string): string => renderPrompt(`${step}.v1`, { ...fixed, context }).replace(/\n{3,}/g, "\n\n");
  const tokensMax = window.contextTokensMax - window.outputTokensMax;
  const complaints = complaint === undefined ? [] : complaintMessages(complaint, wanted, form, tokensMax);
  const around = [system, ask(""), ...complaints.map(({ text }) => text)];
  const used = around.reduce((sum, text) => sum + messageTokens(text), 0);
  const context = contextOf(material.sections(whole?.section), tokensMax - used);
  if (context.kind === "too-small") return { kind: "too-small", tokensMin: context.tokensMin + used };
  const messages = inTurns([
    { role: "system", text: system },
    { role: "user", text: ask(context.text) },
    ...complaints,
  ]);
  return { kind: "composed", composition: { prompt: `${step}@1`, messages, mode, shown: context.shown } };
}

/** Two messages in a row of the same role become one: providers want turns. */
function inTurns(messages: readonly ModelMessage[]): ModelMessage[] {
  const turns: ModelMessage[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (last?.role === message.role) last.text += `\n\n${message.text}`;
    else turns.push({ ...message });
  }
  return turns;
}
