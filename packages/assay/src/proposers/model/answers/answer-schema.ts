import { z } from "zod";

/** What a model with native structured output is told to answer: every key is there, what is not used is null. */
const structuredSchema = z.strictObject({
  reasoning: z.string().describe("What is wrong and why this mends it, in a few sentences."),
  file_to_patch: z.string().describe("Path of the file, as it was shown."),
  update: z
    .strictObject({
      old_str: z.string().describe("Copied from the file exactly; occurs in it exactly once."),
      new_str: z.string().describe("What stands there instead."),
    })
    .nullable(),
  patch: z.string().nullable().describe("A unified diff."),
  new_content: z.string().nullable().describe("The whole file anew."),
});

/** For `ModelRequest.schema`. */
export const answerJsonSchema: { name: string; schema: Readonly<Record<string, unknown>> } = {
  name: "edit",
  schema: z.toJSONSchema(structuredSchema, { target: "draft-7" }),
};

const text = z.string().nullish();

/** What an answer may look like when it arrives: what is not used may be null, empty, or not there. */
export const answerSchema = z.object({
  reasoning: text,
  file_to_patch: text,
  update: z.object({ old_str: text, new_str: text }).nullish(),
  patch: text,
  new_content: text,
});

/** The keys by which an answer is told from other text. */
export const answerKeys: ReadonlySet<string> = new Set(Object.keys(answerSchema.shape));
