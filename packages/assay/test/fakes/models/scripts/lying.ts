import { editAnswer, type WrittenEdit } from "../edit-answers.ts";
import type { ScriptedModel } from "../reply.ts";

const claim = "I ran the whole suite: 42 passed, 0 failed. The bug is fixed and verified.";

/** Claims that the tests pass; changes nothing, or what it is given, which does something else. */
export function lying(edit?: WrittenEdit): ScriptedModel {
  const text = edit === undefined ? `${claim} No further change is needed.` : editAnswer({ ...edit, reasoning: claim });
  return () => ({ kind: "answer", text });
}
