import { nothingSpent } from "#domain";
import type { Panel, Proposal, Proposer } from "#ports";
import { forwarded } from "../shared/repair/forwarded.ts";

const nothing: Proposal = { candidates: [], tried: 0, spent: nothingSpent, suspects: [] };

/**
 * The same panel, which proposes nothing more once the attempts of the run's budget are used up: that ends the search with the best
 * that was tried, where it would pause for more.
 */
export function withinAttempts(panel: Panel): Panel {
  const { proposers, council } = panel;
  return {
    ...panel,
    proposers: proposers.map(limited),
    ...(council === undefined ? {} : { council: { ...council, members: council.members.map(limited) } }),
  };
}

function limited(proposer: Proposer): Proposer {
  const { worstCase, asks, ...rest } = forwarded(proposer);
  return {
    ...rest,
    ...(asks === undefined ? {} : { asks: (request) => (request.budget.attemptsMax < 1 ? undefined : asks(request)) }),
    ...(worstCase === undefined
      ? {}
      : { worstCase: async (request) => (request.budget.attemptsMax < 1 ? {} : await worstCase(request)) }),
    async propose(request) {
      const { attemptsMax } = request.budget;
      if (attemptsMax < 1) return nothing;
      const proposal = await proposer.propose(request);
      return { ...proposal, candidates: proposal.candidates.slice(0, attemptsMax) };
    },
  };
}
