export { type AgentConfig, agentConfigSchema } from "./agent/agent-config.ts";
export { AgentProposer, type AgentProposerOptions } from "./agent/agent-proposer.ts";
export { RecentHunksProposer } from "./recent-hunks/recent-hunks-proposer.ts";
export { InOrderRouter } from "./router/in-order-router.ts";
export { type SearchOptions, SearchProposer } from "./search/search-proposer.ts";
