import type { RunEvent } from "@assay/sdk";
import { plural } from "./format.ts";

/** What was decided on the way to a change, other than by evidence, in the journal's order. */
export function viewDecisions(events: readonly RunEvent[]): { who: string; what: string }[] {
  return events.flatMap((event): { who: string; what: string }[] => {
    switch (event.type) {
      case "proposer-chosen": {
        const asked = [event.proposer, event.instance].filter((part) => part !== undefined).join(" ");
        return [{ who: `router ${event.router}`, what: `asks ${asked}: ${event.reasons.join("; ")}` }];
      }
      case "council-ranked": {
        const { ranking, method, reasons } = event;
        const first = ranking[0]?.candidate ?? "nothing";
        const what = method === "none" ? "takes nothing" : `puts ${first} first of ${plural(ranking.length, "change")}`;
        return [{ who: "council", what: `${what} (${method}): ${reasons.join("; ")}` }];
      }
      case "agent-asked":
        return [
          { who: `agent ${event.agent}`, what: `${event.end}; ${plural(event.egress.requests, "request")} let out` },
        ];
      case "person-answered":
        return [{ who: `person ${event.by}`, what: "answered" }];
      default:
        return [];
    }
  });
}
