import { z } from "zod";
import { answerCharactersMax, type ModelAnswerEnd, type ProposalRequest } from "#ports";
import { plainPath } from "./check-path.ts";
import { documentsIn } from "./documents.ts";
import { fencedBlocks } from "./fenced-blocks.ts";
import { linesOf } from "./lines-of.ts";

/** What a member of a council takes for the cause, before anybody has proposed a change. */
export type Hypothesis = {
  /** At most three sentences. */
  cause: string;
  /** A file of the project, and the line where it was said. */
  place: { file: string; line?: number };
  /** What one would have to see for it to be wrong. */
  refutation: string;
};

export type ReadHypothesis = { kind: "hypothesis"; hypothesis: Hypothesis } | { kind: "unusable"; problem: string };

const charactersMax = 2_000;
const sentencesMax = 3;

const structuredSchema = z.strictObject({
  cause: z.string().describe("The cause in at most three sentences."),
  file: z.string().describe("Path of the file that has to change, as it was shown."),
  line: z.int().nullable().describe("The line that has to change."),
  refutation: z.string().describe("What one would have to see for this to be wrong."),
});

/** For `ModelRequest.schema`. */
export const hypothesisJsonSchema: { name: string; schema: Readonly<Record<string, unknown>> } = {
  name: "hypothesis",
  schema: z.toJSONSchema(structuredSchema, { target: "draft-7" }),
};

const line = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,7}$/)
      .transform(Number),
  ])
  .pipe(z.int().min(1));
const hypothesisSchema = z.object({
  cause: z.string().trim().min(1),
  file: z.string().trim().min(1),
  line: line.nullish().catch(undefined),
  refutation: z.string().trim().min(1),
});

/** Reads a hypothesis in YAML or JSON; never throws for what a model says. A cause of more than three sentences is cut after the third. */
export function readHypothesis(
  given: string,
  end: ModelAnswerEnd,
  { snapshot }: Pick<ProposalRequest, "snapshot">,
): ReadHypothesis {
  if (end === "refused") return { kind: "unusable", problem: "the model refused to answer" };
  if (end === "tool-call") return { kind: "unusable", problem: "a tool was called, but there are no tools" };
  if (given.length > answerCharactersMax)
    return { kind: "unusable", problem: `longer than ${answerCharactersMax} characters` };
  const text = given.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const lines = linesOf(text);
  let problem = "there is no document with cause, file and refutation";
  for (const { value, complete } of documentsIn(
    text,
    lines,
    fencedBlocks(lines),
    end === "truncated",
    hypothesisKeys,
  )) {
    const parsed = complete ? hypothesisSchema.safeParse(value) : undefined;
    if (parsed?.success) {
      const { cause, file, line: at, refutation } = parsed.data;
      const path = plainPath(file);
      if (!snapshot.files.includes(path)) {
        problem = `there is no file ${path.slice(0, 200)}`;
        continue;
      }
      const place = at === undefined || at === null ? { file: path } : { file: path, line: at };
      const hypothesis = { cause: firstSentences(cause), place, refutation: refutation.slice(0, charactersMax) };
      return { kind: "hypothesis", hypothesis };
    }
  }
  return { kind: "unusable", problem };
}

const hypothesisKeys: ReadonlySet<string> = new Set(Object.keys(structuredSchema.shape));

function firstSentences(text: string): string {
  const sentences = [...new Intl.Segmenter("en", { granularity: "sentence" }).segment(text.slice(0, charactersMax))];
  return sentences
    .slice(0, sentencesMax)
    .map(({ segment }) => segment)
    .join("")
    .trim();
}
