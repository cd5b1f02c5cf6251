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
  const pairing = (message: string): void => void problems.push({ rule: "tool-pairing", message });
  // A list, not a set: where calls have no ids, two of one name are open at once.
  let open: string[] = [];
  const leaveOpen = (next: string): void => {
    for (const id of open) pairing(`call ${id} is not answered before ${next}`);
    open = [];
  };
  turns.forEach((turn, index) => {
    for (const id of turn.results) {
      const at = open.indexOf(id);
      if (at === -1) pairing(`message ${index} answers ${id}, which was not called just before`);
      else open.splice(at, 1);
    }
    if (turn.role !== "tool") leaveOpen(`message ${index}`);
    if (turn.role !== "assistant" && turn.calls.length > 0) pairing(`message ${index} (${turn.role}) calls a tool`);
    open.push(...turn.calls.map((call) => call.id));
  });
  leaveOpen("the end");
  return problems;
}
