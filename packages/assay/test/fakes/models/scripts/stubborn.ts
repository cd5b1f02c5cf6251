import { editAnswer, type WrittenEdit } from "../edit-answers.ts";
import type { ScriptedModel } from "../reply.ts";

/** Proposes the same wrong edit, whatever it is told; only its reasoning changes. */
export function stubborn(edit: WrittenEdit): ScriptedModel {
  return (_conversation, n) => ({
    kind: "answer",
    text: editAnswer({ ...edit, reasoning: `I looked again (${n + 1}): this is the cause.` }),
  });
}
