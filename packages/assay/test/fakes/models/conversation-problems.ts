import type { Conversation, Turn } from "./reply.ts";
import type { Problem } from "./violation.ts";

/**
 * What is wrong with a conversation in every protocol: the user speaks first and last, user and assistant take turns,
 * nobody says nothing, and each call of a tool is answered once, before anything else is said.
 */
export function conversationProblems(conversation: Conversation): Problem[] {
  const { system, turns } = conversation;
  const problems: Problem[] = [];
  if (system !== undefined && system.trim() === "") {
    problems.push({ rule: "empty-content", message: "the system message is empty" });
  }
  turns.forEach((turn, index) => {
    if (turn.text.trim() === "" && turn.calls.length === 0 && turn.results.length === 0) {
      problems.push({ rule: "empty-content", message: `message ${index} (${turn.role}) is empty` });
    }
  });
  return [...problems, ...orderProblems(turns), ...pairingProblems(turns)];
}

function orderProblems(turns: readonly Turn[]): Problem[] {
  const problems: Problem[] = [];
  if (turns[0]?.role !== "user") problems.push({ rule: "roles", message: "the first message must be the user's" });
  if (turns.at(-1)?.role === "assistant") problems.push({ rule: "roles", message: "the assistant speaks last" });
  for (let index = 1; index < turns.length; index += 1) {
    const before = turns[index - 1]?.role;
    const role = turns[index]?.role;
    if ((role === "assistant") === (before === "assistant") && !(role === "tool" && before === "tool")) {
      problems.push({ rule: "roles", message: `message ${index} (${role}) follows one of ${before}` });
    }
  }
  return problems;
}

function pairingProblems(turns: readonly Turn[]): Problem[] {
  const problems: Problem[] = [];
  let open = new Set<string>();
  const leaveOpen = (index: number): void => {
    for (const id of open)
      problems.push({ rule: "tool-pairing", message: `call ${id} is not answered by message ${index}` });
    open = new Set();
  };
  turns.forEach((turn, index) => {
    for (const id of turn.results) {
      if (!open.delete(id)) {
        problems.push({
          rule: "tool-pairing",
          message: `message ${index} answers ${id}, which was not called just before`,
        });
      }
    }
    if (turn.role !== "tool") leaveOpen(index);
    for (const call of turn.calls) {
      if (turn.role !== "assistant")
        problems.push({ rule: "tool-pairing", message: `message ${index} (${turn.role}) calls` });
      open.add(call.id);
    }
  });
  leaveOpen(turns.length);
  return problems;
}
