import type { ModelMessage } from "#ports";
import { cutMiddle } from "../context/cut-lines.ts";
import { fence } from "../context/fence.ts";
import { shownText } from "../context/shown-text.ts";
import { renderPrompt } from "./render-prompt.ts";

/** An answer that was unusable, and exactly why. */
export type Complaint = { answer: string; problem: string };

const problemCharactersMax = 3_000;
/** Of the answer, lines and characters that are said again, and their share of the prompt. */
const answerLinesMax = 120;
const answerCharactersMax = 8_000;
const answerShare = 1 / 8;

/** The turns that tell a model what was wrong with its answer. An answer without text is not repeated: an empty turn is no turn. */
export function complaintMessages(
  { answer, problem }: Complaint,
  wanted: string,
  form: string,
  tokensMax: number,
): ModelMessage[] {
  const charactersMax = Math.max(200, Math.min(answerCharactersMax, Math.floor(tokensMax * 3 * answerShare)));
  const said = cutMiddle(shownText(answer.slice(0, charactersMax)).lines, answerLinesMax)
    .join("\n")
    .trim();
  const cut = answer.length > charactersMax ? `\n… ${answer.length - charactersMax} characters left out` : "";
  const why = fence("why it could not be used", shownText(problem.slice(0, problemCharactersMax)).lines.join("\n"));
  const turn: ModelMessage = {
    role: "user",
    text: renderPrompt("complaint.v1", { problem: why, wanted, answer: form }),
  };
  return said === "" ? [turn] : [{ role: "assistant", text: said + cut }, turn];
}
