/** One edit as a model writes it down: exactly one of the three forms. */
export type WrittenEdit = { file: string; reasoning?: string } & (
  | { oldStr: string; newStr: string }
  | { patch: string }
  | { newContent: string }
);

/**
 * The answer of a model that does as it is told: YAML with its reasoning, the file, and one edit. Strings are written as JSON,
 * which is YAML, so that nothing in them is lost.
 */
export function editAnswer(edit: WrittenEdit): string {
  const lines = [
    `reasoning: ${JSON.stringify(edit.reasoning ?? "The value is wrong here.")}`,
    `file_to_patch: ${JSON.stringify(edit.file)}`,
  ];
  if ("oldStr" in edit) {
    lines.push("update:", `  old_str: ${JSON.stringify(edit.oldStr)}`, `  new_str: ${JSON.stringify(edit.newStr)}`);
  } else if ("patch" in edit) lines.push(`patch: ${JSON.stringify(edit.patch)}`);
  else lines.push(`new_content: ${JSON.stringify(edit.newContent)}`);
  return `${lines.join("\n")}\n`;
}

/** The same as one JSON object, as native structured output gives it. */
export function editAnswerJson(edit: WrittenEdit): string {
  const reasoning = edit.reasoning ?? "The value is wrong here.";
  const head = { reasoning, file_to_patch: edit.file };
  if ("oldStr" in edit) return JSON.stringify({ ...head, update: { old_str: edit.oldStr, new_str: edit.newStr } });
  if ("patch" in edit) return JSON.stringify({ ...head, patch: edit.patch });
  return JSON.stringify({ ...head, new_content: edit.newContent });
}
