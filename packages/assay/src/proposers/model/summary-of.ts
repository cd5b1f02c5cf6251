const reasonMax = 120;
const filesShown = 3;

/**
 * What a model changed, and in its own words why: the first sentence of its reasoning, as a quotation, since nobody checked it. Untrusted
 * text that whoever shows it cleans.
 */
export function summaryOf(model: string, files: readonly string[], reasoning: string): string {
  const shown = files.slice(0, filesShown).join(", ");
  const what = `${model} changed ${shown}${files.length > filesShown ? ` and ${files.length - filesShown} more` : ""}`;
  const [sentence = ""] = reasoning
    .replaceAll(/\s+/g, " ")
    .trim()
    .split(/(?<=[.!?])\s/, 1);
  const why = sentence.replace(/[.\s]+$/, "");
  if (why === "") return what;
  return `${what}: “${why.length > reasonMax ? `${why.slice(0, reasonMax - 1)}…` : why}”`;
}
