export { RecentHunksProposer } from "./recent-hunks/recent-hunks-proposer.ts";
export { InOrderRouter } from "./router/in-order-router.ts";
export { type SearchOptions, SearchProposer } from "./search/search-proposer.ts";
