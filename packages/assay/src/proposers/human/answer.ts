import { type Edit, personNameSchema } from "@assay/sdk";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { readBlock } from "./answer-block.ts";

/** What a person answered. `because` is what they wrote before a change. */
export type Answer = { by?: string } & (
  | { kind: "patch"; edit: Edit; because?: string }
  | { kind: "opinion"; text: string }
  | { kind: "nothing" }
);

/** Every complaint says where and what to write instead. */
export type ReadAnswer = { kind: "answer"; answer: Answer } | { kind: "unusable"; problems: readonly string[] };

const opinionCharactersMax = 4_000;
const becauseCharactersMax = 2_000;

const frontMatterSchema = z.strictObject({ by: personNameSchema.optional() });

/**
 * Reads an answer: `by: NAME` between lines of `---` where wanted, then `give up`, `opinion: …`, or one fenced block that is a unified
 * diff, an `update` or a `new_content`. Nothing is guessed: what is not exactly that is unusable.
 */
export function readAnswer(text: string): ReadAnswer {
  const unusable = (...problems: string[]): ReadAnswer => ({ kind: "unusable", problems });
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const start = lines.findIndex((line) => line.trim() !== "");
  if (start < 0) return unusable("the answer is empty");
  const head = readFrontMatter(lines, start);
  if (head.kind === "unusable") return head;
  const by = head.by === undefined ? {} : { by: head.by };
  const body = lines.slice(head.next).join("\n").trim();

  if (body === "") return unusable("there is nothing behind the front matter");
  if (/^give up$/i.test(body)) return { kind: "answer", answer: { ...by, kind: "nothing" } };
  const opinion = /^opinion:(.*)$/is.exec(body)?.[1]?.trim();
  if (opinion !== undefined) {
    if (opinion === "") return unusable("there is no text behind opinion:");
    if (opinion.length > opinionCharactersMax) {
      return unusable(`the opinion has ${opinion.length} characters; at most ${opinionCharactersMax} are read`);
    }
    return { kind: "answer", answer: { ...by, kind: "opinion", text: opinion } };
  }
  const block = readBlock(lines, head.next);
  if (block.kind === "unusable") return block;
  if (block.before.length > becauseCharactersMax) {
    return unusable(`the text before the block has ${block.before.length} characters; at most ${becauseCharactersMax}`);
  }
  const because = block.before === "" ? {} : { because: block.before };
  return { kind: "answer", answer: { ...by, kind: "patch", edit: block.edit, ...because } };
}

type FrontMatter = { kind: "read"; by?: string; next: number } | { kind: "unusable"; problems: readonly string[] };

function readFrontMatter(lines: readonly string[], start: number): FrontMatter {
  if (lines[start] !== "---") return { kind: "read", next: start };
  const end = lines.indexOf("---", start + 1);
  if (end < 0) return { kind: "unusable", problems: [`line ${start + 1}: the front matter is not closed by ---`] };
  const complain = (what: string): FrontMatter => ({
    kind: "unusable",
    problems: [`front matter, lines ${start + 1} to ${end + 1}: ${what}; only "by: NAME" may stand there`],
  });
  try {
    const data: unknown = parseYaml(lines.slice(start + 1, end).join("\n"), { maxAliasCount: 0 });
    const parsed = frontMatterSchema.safeParse(data ?? {});
    if (!parsed.success)
      return complain(parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`.trim()).join("; "));
    return { kind: "read", next: end + 1, ...(parsed.data.by === undefined ? {} : { by: parsed.data.by }) };
  } catch (error) {
    return complain((error as Error).message.split("\n", 1)[0] ?? "it is not YAML");
  }
}
