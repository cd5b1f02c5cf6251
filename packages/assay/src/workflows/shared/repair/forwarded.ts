import type { Proposer } from "#ports";

/** Everything about a proposer but what it proposes: what wraps one keeps the rest. */
export function forwarded(proposer: Proposer): Omit<Proposer, "propose"> {
  const { name, instance, usdPerMillionTokens, hypothesises } = proposer;
  const worstCase = proposer.worstCase?.bind(proposer);
  const asks = proposer.asks?.bind(proposer);
  const work = proposer.work?.bind(proposer);
  return {
    name,
    ...(instance === undefined ? {} : { instance }),
    ...(usdPerMillionTokens === undefined ? {} : { usdPerMillionTokens }),
    ...(hypothesises === undefined ? {} : { hypothesises }),
    ...(worstCase === undefined ? {} : { worstCase }),
    ...(asks === undefined ? {} : { asks }),
    ...(work === undefined ? {} : { work }),
  };
}
