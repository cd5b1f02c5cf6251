import { answerKeys, answerSchema } from "./answer-schema.ts";

/** What a model proposes, before it is compared with the project. */
export type ProposedEdit =
  | { mode: "update"; oldStr: string; newStr: string }
  | { mode: "diff"; patch: string }
  | { mode: "rewrite"; content: string };

export type AnswerShape =
  | { kind: "proposed"; reasoning: string; file: string | undefined; edit: ProposedEdit }
  | { kind: "malformed"; problem: string }
  /** Something else than an answer, e.g. an example of the project's own configuration. */
  | { kind: "other" };

/** Whether a parsed document is an answer, and which of the three edits it is. */
export function shapeOf(document: unknown): AnswerShape {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return { kind: "other" };
  const keys = Object.keys(document);
  if (!keys.some((key) => key !== "reasoning" && answerKeys.has(key))) return { kind: "other" };
  const parsed = answerSchema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return malformed(`${issue?.path.join(".") || "the answer"} is not as asked for: ${issue?.message ?? "invalid"}`);
  }
  const { reasoning, file_to_patch, update, patch, new_content } = parsed.data;
  const edits: ProposedEdit[] = [];
  if (update?.old_str) edits.push({ mode: "update", oldStr: update.old_str, newStr: update.new_str ?? "" });
  if (patch) edits.push({ mode: "diff", patch });
  if (new_content) edits.push({ mode: "rewrite", content: new_content });
  const [edit] = edits;
  if (edit === undefined) {
    if (update) return malformed("update.old_str is empty: it must be text of the file that occurs in it exactly once");
    return malformed("none of update, patch and new_content is given, exactly one is wanted");
  }
  if (edits.length > 1) {
    const given = edits.map(({ mode }) => keyOf[mode]).join(" and ");
    return malformed(`${given} are given, exactly one of update, patch and new_content is wanted`);
  }
  const file = file_to_patch?.trim();
  if (!file && edit.mode !== "diff") return malformed("file_to_patch is missing: it names the file to be changed");
  return { kind: "proposed", reasoning: reasoning?.trim() ?? "", file: file || undefined, edit };
}

const keyOf = { update: "update", diff: "patch", rewrite: "new_content" } as const;

function malformed(problem: string): AnswerShape {
  return { kind: "malformed", problem };
}
