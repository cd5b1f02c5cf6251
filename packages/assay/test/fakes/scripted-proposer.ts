import type { Candidate } from "@assay/sdk";
import { nothingSpent } from "#domain";
import type { Proposal, ProposalRequest, Proposer } from "#ports";

/** Proposes what it was given, one file content (or set of files) a batch, and keeps what it was asked. */
export class ScriptedProposer implements Proposer {
  readonly name = "model";
  readonly instance = "script";
  readonly requests: ProposalRequest[] = [];
  readonly #answers: readonly Readonly<Record<string, string>>[];

  constructor(answers: readonly Readonly<Record<string, string>>[]) {
    this.#answers = answers;
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    // As it was then: the workflow goes on adding to what was tried.
    this.requests.push({ ...request, earlier: [...(request.earlier ?? [])] });
    const turn = Number(request.cursor ?? "0");
    const files = this.#answers[turn];
    if (files === undefined) return { candidates: [], tried: 0, spent: nothingSpent, suspects: [] };
    const candidate: Candidate = {
      id: `script-${turn + 1}`,
      edits: Object.entries(files).map(([path, content]) => ({ kind: "rewrite", path, content })),
      provenance: { proposer: "model", method: "script", summary: `answer ${turn + 1}` },
    };
    return { candidates: [candidate], tried: 1, spent: nothingSpent, suspects: [], cursor: String(turn + 1) };
  }
}
