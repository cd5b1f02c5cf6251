import type { ErrorCategory } from "@assay/sdk";
import type { Route, RouteQuestion, Router, Seat } from "#ports";

/** Failures that one small edit of existing code often mends. */
const searchable: ReadonlySet<ErrorCategory> = new Set([
  "assertion",
  "name",
  "missing-name",
  "attribute",
  "type",
  "lookup",
  "syntax",
]);

/** Batches of search before models: what it has not found by then it seldom finds. */
const searchBatchesFirst = 3;

/** What is left when others were asked: people last, whatever they cost. */
const rank: Record<Seat["name"], number> = { "recent-hunks": 0, search: 1, model: 2, worker: 3, agent: 4, human: 5 };

/**
 * By rules: what costs nothing and looks promising first, then models from the cheapest to the dearest, then agents, then people. The
 * search comes back when nobody else has anything left.
 */
export class FixedRouter implements Router {
  readonly name = "fixed";

  async choose(question: RouteQuestion): Promise<Route> {
    return chooseByRules(question);
  }
}

export function chooseByRules({ seats, failures }: RouteQuestion): Route {
  const open = seats.map((seat, index) => ({ seat, index })).filter(({ seat }) => seat.open);
  const kinds = [...new Set(failures.map(({ category }) => category))];
  const looksSearchable = kinds.some((kind) => searchable.has(kind));
  const scored = open.map(({ seat, index }) => ({ seat, index, order: orderOf(seat, looksSearchable) }));
  scored.sort((a, b) => a.order - b.order || priceOf(a.seat) - priceOf(b.seat) || a.index - b.index);
  const [first] = scored;
  if (first === undefined) throw new Error("a router was asked although nobody is open");
  return { seat: first.index, reasons: reasonsFor(first.seat, kinds, looksSearchable, scored.length) };
}

/** The search waits behind all others once it had its turns, or where the failures do not look as if one edit mends them. */
function orderOf(seat: Seat, looksSearchable: boolean): number {
  if (seat.name === "search" && (!looksSearchable || seat.batches >= searchBatchesFirst)) return rank.human - 0.5;
  return rank[seat.name];
}

function priceOf({ usdPerMillionTokens }: Seat): number {
  return usdPerMillionTokens ?? Number.MAX_VALUE;
}

function reasonsFor(seat: Seat, kinds: readonly string[], looksSearchable: boolean, open: number): string[] {
  const who = seat.instance ?? seat.name;
  if (open === 1) return [`${who} is the only one who has something left`];
  switch (seat.name) {
    case "recent-hunks":
      return ["what changed last is suspected first, and taking it back costs nothing"];
    case "search":
      if (!looksSearchable) return ["nobody else has anything left"];
      return seat.batches < searchBatchesFirst
        ? [`${kinds.join(", ")}: one small edit often mends it, and search costs nothing`]
        : ["the models have nothing left, and search costs nothing"];
    case "model":
      return [
        seat.usdPerMillionTokens === undefined
          ? `${who}: its price is not known, so it comes after those whose is`
          : `${who} is the cheapest that has something left (about $${round(seat.usdPerMillionTokens)} a million tokens)`,
        ...(looksSearchable ? [] : [`${kinds.join(", ")}: search seldom mends that`]),
      ];
    case "worker":
      return [`${who} may have what the others have not`];
    case "agent":
      return [`the models have nothing left; ${who} looks at the project itself`];
    case "human":
      return ["nobody else has anything left"];
  }
}

function round(usd: number): string {
  return String(Math.round(usd * 100) / 100);
}
