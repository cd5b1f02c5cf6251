import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { conversationProblems } from "../conversation-problems.ts";
import type { Call, Reading } from "../protocol.ts";
import type { Problem } from "../violation.ts";

/** Text, or parts of text: the doubles take nothing else. */
export const textContentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.enum(["text", "input_text", "output_text"]), text: z.string() })),
]);

export function textOf(content: z.infer<typeof textContentSchema> | null | undefined): string {
  if (content === null || content === undefined) return "";
  return typeof content === "string" ? content : content.map((part) => part.text).join("");
}

/** The one line that says what of a body does not fit. */
export function shapeProblems(error: z.ZodError): Problem[] {
  return error.issues.map((issue) => ({
    rule: "shape",
    message: `${issue.path.join(".") || "body"}: ${issue.message}`,
  }));
}

/** What a protocol says about numbers; `outputTokens` is missing where `required` makes that a problem. */
export function samplingProblems(
  given: { temperature: number | undefined; outputTokens: number | undefined },
  bounds: { temperatureMax: number; outputRequired: boolean },
): Problem[] {
  const problems: Problem[] = [];
  const { temperature, outputTokens } = given;
  if (temperature !== undefined && (temperature < 0 || temperature > bounds.temperatureMax)) {
    problems.push({ rule: "temperature", message: `${temperature} is not between 0 and ${bounds.temperatureMax}` });
  }
  if (outputTokens === undefined && bounds.outputRequired) {
    problems.push({ rule: "output-tokens", message: "the limit of output tokens is missing" });
  }
  if (outputTokens !== undefined && (!Number.isInteger(outputTokens) || outputTokens < 1)) {
    problems.push({ rule: "output-tokens", message: `${outputTokens} is not a positive whole number` });
  }
  return problems;
}

/** The call, or everything that is wrong with it. */
export function readingOf(call: Call, problems: readonly Problem[]): Reading {
  const all = [...problems, ...conversationProblems(call.conversation)];
  return all.length === 0 ? { kind: "call", call } : { kind: "problems", problems: all };
}

/** The key of an `Authorization: Bearer …` header. */
export function bearerKey(headers: IncomingHttpHeaders): { key: string } | Problem {
  const key = /^Bearer ([^\s]+)$/.exec(headers.authorization ?? "")?.[1];
  return key === undefined ? { rule: "key-missing", message: "there is no `Authorization: Bearer KEY`" } : { key };
}

/** JSON that a client sent as a string; of tool calls. */
export function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    // What is no JSON is no JSON object.
    return false;
  }
}
