import type { Edit } from "@assay/sdk";

const reasonMax = 120;
const filesShown = 3;

/**
 * What a model changed, and in its own words why: the first sentence of its reasoning, as a quotation, since nobody checked it. Untrusted
 * text that whoever shows it cleans.
 */
export function summaryOf(model: string, edits: readonly Edit[], reasoning: string): string {
  const files = filesOf(edits);
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

/** Of a diff, as its headers name them. */
function filesOf(edits: readonly Edit[]): string[] {
  const named = edits.flatMap((edit) =>
    edit.kind === "diff"
      ? [...edit.diff.matchAll(/^\+\+\+ (?:b\/)?(\S+)/gm)].map(([, path = ""]) => path)
      : [edit.path],
  );
  return [...new Set(named)];
}
