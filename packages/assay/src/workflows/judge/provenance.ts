import type { Provenance } from "@assay/sdk";
import { listHunks } from "#workspace";
import { nameOfHead, type Subject } from "./subject.ts";

/** Who made the change is not known: a person, or an agent that a person answers for. */
export function provenanceOf(subject: Subject): Provenance {
  const { goal, head, base } = subject;
  const { files, added, removed } = sizeOf(subject);
  const from = base.snapshot.git?.commit.slice(0, 12) ?? goal.base;
  const to =
    goal.change.kind === "revision" ? (head.snapshot.git?.commit.slice(0, 12) ?? goal.change.head) : goal.change.kind;
  return {
    proposer: "human",
    method: `${from}..${to}`,
    summary: `${nameOfHead(goal)} against ${goal.base}: ${files} ${files === 1 ? "file" : "files"}, +${added} −${removed}`,
  };
}

export function sizeOf({ difference }: Subject): { files: number; added: number; removed: number; binary: number } {
  let [added, removed] = [0, 0];
  for (const { diff } of listHunks(difference.diff)) {
    const body = diff.split("\n");
    const first = body.findIndex((line) => line.startsWith("@@"));
    for (const line of first < 0 ? [] : body.slice(first)) {
      if (line.startsWith("+")) added += 1;
      if (line.startsWith("-")) removed += 1;
    }
  }
  return { files: difference.changed.length, added, removed, binary: difference.binary.length };
}
