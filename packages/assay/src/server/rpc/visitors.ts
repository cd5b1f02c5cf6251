import { Guesses } from "../http/guesses.ts";
import { defaultRateLimits } from "../http/rate-limits.ts";
import { Strangers } from "./strangers.ts";

/** What is known of who comes to a port, in whatever protocol. */
export type Visitors = { strangers: Strangers; guesses: Guesses };

export function newVisitors(limits = defaultRateLimits): Visitors {
  return { strangers: new Strangers(), guesses: new Guesses(limits) };
}
