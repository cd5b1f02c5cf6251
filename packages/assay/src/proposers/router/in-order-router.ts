import type { Route, RouteQuestion, Router } from "#ports";

/** Asks everybody in the order given, each until it has nothing left. */
export class InOrderRouter implements Router {
  readonly name = "none";

  async choose({ seats }: RouteQuestion): Promise<Route> {
    return { seat: seats.findIndex(({ open }) => open), reasons: ["next in the order given"] };
  }
}
