import type { Question } from "./ask.ts";

/** The question with what people think of it in its brief, for everybody who is asked from now on. */
export function withOpinions(question: Question, opinions: readonly string[]): Question {
  if (opinions.length === 0) return question;
  const told = opinions.map((opinion) => `A person thinks: ${opinion}`);
  return { ...question, brief: [...(question.brief === undefined ? [] : [question.brief]), ...told].join("\n\n") };
}
