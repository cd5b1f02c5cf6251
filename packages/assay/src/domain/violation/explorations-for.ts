import type { ExplorationKind, Violation } from "@assay/sdk";
import { assertNever } from "../assert-never.ts";

/**
 * How a violation is looked into, what says most first. Nothing where a run would tell nothing new: what was written where nobody may
 * write, and what a tool cannot do, stands in the observation already. `hunks` is how many the change has.
 */
export function explorationsFor({ kind }: Violation, hunks: number): readonly ExplorationKind[] {
  switch (kind) {
    case "test-result":
    case "build":
      return hunks > 1 ? ["bisect", "verbose-rerun"] : ["verbose-rerun"];
    case "flake":
      // Alone, so that what depends on the tests before it is told from what comes and goes by itself.
      return ["rerun", "verbose-rerun", "environment-diff"];
    case "resource":
      return ["rerun", "environment-diff"];
    case "lock":
    case "capability":
      return [];
    default:
      return assertNever(kind);
  }
}
