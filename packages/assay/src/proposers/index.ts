export { HumanProposer, type HumanProposerOptions } from "./human/human-proposer.ts";
export type { PersonAtTerminal, Typed } from "./human/person-at-terminal.ts";
export { TerminalPerson, type TerminalPersonOptions } from "./human/terminal-person.ts";
export { RecentHunksProposer } from "./recent-hunks/recent-hunks-proposer.ts";
export { InOrderRouter } from "./router/in-order-router.ts";
export { type SearchOptions, SearchProposer } from "./search/search-proposer.ts";
