const summaryMax = 160;

/** The first sentence of what a model says of its change, for people; untrusted text that whoever shows it cleans. */
export function summaryOf(reasoning: string): string {
  const line = reasoning.replaceAll(/\s+/g, " ").trim();
  const [sentence = ""] = line.split(/(?<=[.!?])\s/, 1);
  const text = (sentence === "" ? "a change without a reason" : sentence).replace(/[.\s]+$/, "");
  return text.length > summaryMax ? `${text.slice(0, summaryMax - 1)}…` : text;
}
