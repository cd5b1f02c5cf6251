import type { ChangeKind } from "@assay/sdk";
import type { ChangeEvidence } from "./change-evidence.ts";

/** What a change is taken for when nobody says it, and why. Pure. */
export function inferChange(evidence: ChangeEvidence): { change: ChangeKind; why: string } {
  const turned = evidence.turned();
  const existing = turned.filter(({ isNew, kind }) => !isNew && kind === "failure").length;
  if (existing > 0) return { change: "fix", why: `${count(existing, "test")} of the base turned green` };
  const missing = turned.filter(({ kind }) => kind === "missing-name").length;
  if (missing > 0) {
    return {
      change: "feature",
      why: `${count(missing, "test")} could not find on the base what ${missing === 1 ? "it asks" : "they ask"} for`,
    };
  }
  const failing = turned.filter(({ kind }) => kind === "failure").length;
  if (failing > 0)
    return { change: "fix", why: `${count(failing, "new test")} failed on the base and passed with the change` };
  return { change: "refactor", why: "no test turned green" };
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
