import { fencedBlocks } from "#proposers";
import type { Problem } from "../datasets/problem.ts";

/**
 * The module that an answer means; `undefined` where there is no code in it. The last block that defines the function counts, since a model
 * that thinks aloud corrects itself; a body alone continues the prompt, as completions do.
 */
export function moduleOfAnswer(
  { language, entryPoint, prompt, preamble, buggy }: Problem,
  answer: string,
): string | undefined {
  const lines = answer.replaceAll("\r\n", "\n").split("\n");
  const blocks = fencedBlocks(lines).filter(({ text }) => text.trim() !== "");
  const defines = (text: string) => definitionOf(language, entryPoint).test(text);
  const texts = blocks.map(({ text }) => text);
  const whole = texts.findLast(defines) ?? (blocks.length === 0 && defines(answer) ? answer : undefined);
  // Imports that the prompt gave may have been taken for granted.
  if (whole !== undefined) return preamble.trim() === "" ? whole : `${preamble.trimEnd()}\n\n${whole}`;
  const body = texts.at(-1);
  const continues = body !== undefined && buggy === undefined && /^[ \t]+\S/m.test(body);
  return continues ? prompt + body : undefined;
}

function definitionOf(language: Problem["language"], name: string): RegExp {
  const word = name.replaceAll(/[^A-Za-z0-9_$]/g, "").replaceAll("$", "\\$");
  return language === "python"
    ? new RegExp(`^(?:async )?def ${word}\\(`, "m")
    : new RegExp(`^(?:export )?(?:(?:async )?function\\*? ${word}\\b|(?:const|let|var) ${word}\\b)`, "m");
}
