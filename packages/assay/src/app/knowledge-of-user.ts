import type { Lesson } from "@assay/sdk";
import { proposerRecords, raise } from "#domain";
import { JsonlKnowledge, knowledgePath, Records } from "#knowledge";
import { type OperatorName, priors } from "#syntax";

/** A method that no table measured begins in the middle. */
const seedOfOthers = 0.5;

/**
 * The user's own, in a file; `undefined` where the environment variable `ASSAY_KNOWLEDGE` is `off`: nothing is learned then, and nothing
 * that was learned counts.
 */
export function knowledgeOfUser(env: NodeJS.ProcessEnv = process.env): JsonlKnowledge | undefined {
  return env.ASSAY_KNOWLEDGE === "off" ? undefined : new JsonlKnowledge(knowledgePath(env));
}

/** What was learned of each method that made a change or was tried, what was right of each kind of failure first. */
export async function knownMethods() {
  const knowledge = knowledgeOrFault();
  const lessons = await knowledge.lessons();
  const records = new Records(lessons);
  const methods = records.entries().map((entry) => {
    const seed = priors[entry.method as OperatorName] ?? seedOfOthers;
    return { ...entry, weight: records.weight(entry, seed), seed };
  });
  methods.sort(
    (a, b) =>
      compare(a.language, b.language) || compare(a.category, b.category) || b.right - a.right || b.weight - a.weight,
  );
  return { path: knowledge.path, lessons: lessons.length, methods, proposers: proposerRecords(lessons) };
}

export async function learnedLessons(): Promise<Lesson[]> {
  return await knowledgeOrFault().lessons();
}

/** How many there were. */
export async function forgetLessons(): Promise<number> {
  return await knowledgeOrFault().reset();
}

function knowledgeOrFault(): JsonlKnowledge {
  return knowledgeOfUser() ?? raise("usage", "ASSAY_KNOWLEDGE is off", "unset it");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
