export { type Ask, type Ballot, ownTauMin, type Reading } from "./ballot.ts";
export { type CanonicalChange, canonicalChange } from "./canonical-diff.ts";
export { councilRanked } from "./council-ranked.ts";
export { councilPrompt } from "./load-prompt.ts";
export type { ChangeSize } from "./minimality.ts";
export type { CouncilOutcome, RankedChange, RankingMethod } from "./outcome.ts";
export { type AcceptedVerdict, type ChangedFile, isAccepted, type ProvenCandidate } from "./proven-candidate.ts";
export { agreementMin, type RankRequest, rankCandidates } from "./rank.ts";
