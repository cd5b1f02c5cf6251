import type { AgentSession, Candidate, Fault } from "@assay/sdk";
import { assertNever, fault } from "#domain";
import { type Collected, digestOf, type Proposal } from "#ports";
import type { SessionEnd } from "./run-session.ts";
import type { ConversationEnd } from "./session/converse.ts";

/** What a session comes to: a candidate, or why there is none. `collected` is absent where nothing was to be taken. */
export function outcomeOf(agent: string, ended: SessionEnd, collected: Collected | undefined): Partial<Proposal> {
  const failed = faultOf(ended);
  if (failed !== undefined) return { fault: failed };
  const how = endText(ended.end);
  switch (collected?.kind) {
    case undefined:
      return {};
    case "refused": {
      const problems = collected.problems.slice(0, 3).map(({ path, reason }) => `${path || "the project"} ${reason}`);
      return { reason: `what it left cannot be taken over: ${problems.join("; ")} (${how})` };
    }
    case "unchanged": {
      const said = ended.said.trim() === "" ? "" : `; it said: ${ended.said.trim().slice(-200)}`;
      return { reason: `it changed nothing (${how})${said}` };
    }
    case "changed":
      return { candidates: [candidateOf(agent, collected, how)] };
    default:
      return assertNever(collected);
  }
}

function candidateOf(
  agent: string,
  { diff, changed, left }: Extract<Collected, { kind: "changed" }>,
  how: string,
): Candidate {
  const files = changed.length === 1 ? (changed[0] ?? "") : `${changed.length} files`;
  const without = left.length === 0 ? "" : `, without ${left.length} other paths that it wrote`;
  const summary = `${agent} changed ${files}${without} (${how})`;
  return {
    id: `agent-${digestOf(diff).slice(-16)}`,
    edits: [{ kind: "diff", diff }],
    provenance: { proposer: "agent", method: agent, summary, rank: 0 },
  };
}

/** Nothing it left is taken when it broke off; when its time was up, what stands there is judged like anything else. */
export function faultOf({ end, broke = "" }: SessionEnd): Fault | undefined {
  const remedy = "try the agent's command by hand, and see what it needs under mounts, upstreams and allowHosts";
  if (end.kind === "flooded") return fault("agent-failed", `the agent sent ${end.what}`, remedy);
  if (end.kind !== "failed") return undefined;
  const why = [broke, end.message].filter((text) => text !== "");
  return fault("agent-failed", `the agent broke off: ${why.join("; ")}`, remedy);
}

function endText(end: ConversationEnd): string {
  switch (end.kind) {
    case "stopped":
      return `ended by itself: ${end.reason}`;
    case "timed-out":
      return end.by === "wall" ? `time up after ${end.msMax} ms` : `silent for ${end.msMax} ms`;
    case "flooded":
      return end.what;
    case "aborted":
      return "interrupted";
    case "failed":
      return end.message;
  }
}

export function sessionOf(
  agent: string,
  ended: SessionEnd,
  collected: Collected | undefined,
  wallMs: number,
): AgentSession {
  const { messages, permissions, egress, said } = ended;
  const left = collected === undefined || collected.kind === "refused" ? [] : collected.left;
  return { agent, end: endText(ended.end), wallMs, messages, permissions, egress, left: [...left], said };
}
