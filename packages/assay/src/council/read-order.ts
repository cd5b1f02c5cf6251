import { parse } from "yaml";
import { z } from "zod";

/** What a judge's answer says. */
export type OrderAnswer =
  /** Every letter once, the best first. */
  | { kind: "order"; letters: string[] }
  | { kind: "abstained"; reason: string }
  /** A clause that can be said to the judge. */
  | { kind: "unusable"; problem: string };

/** Longer answers are no answers to this question. */
const answerCharactersMax = 20_000;
const reasonCharactersMax = 300;

const answerSchema = z.strictObject({
  order: z.array(z.string()).nullish(),
  abstain: z.union([z.string(), z.boolean()]).nullish(),
});

/** `B A C`, `B, A, C`, `B > A > C`; each character is looked at once. */
function plainLetters(body: string): string[] | undefined {
  const words = body.split(/[>,\s]+/);
  return words.every((word) => /^[A-Z]{1,3}$/.test(word)) ? words : undefined;
}

/**
 * Reads an answer: JSON or YAML with `order` or `abstain`, in one fenced block or bare, or one line of letters. Strict: every one of
 * `letters` exactly once, and no other. Nothing is guessed from prose, for whoever wrote a change may have put words into it.
 */
export function readOrder(text: string, letters: readonly string[]): OrderAnswer {
  if (text.length > answerCharactersMax) return unusable(`it has ${text.length} characters`);
  const body = unfenced(text.trim());
  if (body === undefined) return unusable("it has more than one fenced block");
  if (body === "") return unusable("it is empty");
  if (/^abstain[.!]?$/i.test(body)) return { kind: "abstained", reason: "no reason given" };
  const plain = plainLetters(body);
  if (plain !== undefined) return complete(plain, letters);
  const parsed = answerSchema.safeParse(parsedYaml(body));
  if (!parsed.success) return unusable("it is neither the JSON object that was asked for nor one line of letters");
  const { order, abstain } = parsed.data;
  const hasOrder = order !== undefined && order !== null && order.length > 0;
  const abstains = abstain === true || (typeof abstain === "string" && abstain.trim() !== "");
  if (hasOrder && abstains) return unusable("it has an order and abstains as well");
  if (hasOrder) return complete(order, letters);
  if (!abstains) return unusable("it has no order and does not abstain");
  const reason = typeof abstain === "string" ? abstain.trim() : "no reason given";
  return { kind: "abstained", reason: reason.slice(0, reasonCharactersMax) };
}

/** What stands in the only fenced block, or everything where there is none. */
function unfenced(text: string): string | undefined {
  const blocks = [...text.matchAll(/^```[a-z]*\n(.*?)\n?^```[ \t]*$/gms)];
  if (blocks.length === 0) return text;
  return blocks.length === 1 ? (blocks[0]?.[1] ?? "").trim() : undefined;
}

/** JSON is YAML. No aliases: a small text must not become a large value. */
function parsedYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0, logLevel: "error" });
  } catch {
    // Not YAML: the schema says what is wanted instead.
    return undefined;
  }
}

function complete(order: readonly string[], letters: readonly string[]): OrderAnswer {
  const unknown = order.find((letter) => !letters.includes(letter));
  if (unknown !== undefined) return unusable(`there is no change ${JSON.stringify(unknown.slice(0, 20))}`);
  const twice = order.find((letter, index) => order.indexOf(letter) !== index);
  if (twice !== undefined) return unusable(`it has ${twice} twice`);
  const missing = letters.filter((letter) => !order.includes(letter));
  if (missing.length > 0) return unusable(`it lacks ${missing.join(", ")}`);
  return { kind: "order", letters: [...order] };
}

function unusable(problem: string): OrderAnswer {
  return { kind: "unusable", problem };
}
