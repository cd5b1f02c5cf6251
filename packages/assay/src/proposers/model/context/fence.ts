import { digestOf } from "#ports";
import { reveal } from "./reveal.ts";

const titleCharactersMax = 300;

/**
 * Text of others between two lines that only its author could not have written: their mark is drawn from the text's own digest
 * and does not occur in it. The same text gets the same mark, so that prompts can be cached and compared.
 */
export function fence(title: string, text: string): string {
  const name = reveal(title).slice(0, titleCharactersMax).replaceAll(/[\n"]/g, "'");
  let mark = "";
  for (let turn = 0; mark === "" || text.includes(mark) || name.includes(mark); turn += 1) {
    mark = digestOf(`${turn}\n${name}\n${text}`).slice("sha256:".length, "sha256:".length + 10);
  }
  return `<data-${mark} title="${name}">\n${text}\n</data-${mark}>`;
}
