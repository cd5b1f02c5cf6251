export { RecentHunksProposer } from "./recent-hunks/recent-hunks-proposer.ts";
export { type SearchOptions, SearchProposer } from "./search/search-proposer.ts";
