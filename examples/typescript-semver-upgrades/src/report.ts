import type { Upgrade } from "./plan.ts";

/** The plan as lines of text, names aligned. */
export function formatReport(upgrades: readonly Upgrade[]): string {
  if (upgrades.length === 0) return "no dependencies";
  const width = Math.max(...upgrades.map(({ name }) => name.length));
  const lines = upgrades.map((upgrade) => `${upgrade.name.padEnd(width)}  ${describe(upgrade)}`);
  const due = upgrades.filter(({ step }) => step !== "none").length;
  return [...lines, `${due} of ${upgrades.length} to upgrade`].join("\n");
}

function describe({ from, to, step, beyondRange }: Upgrade): string {
  const change = step === "none" ? `${from} is the best match` : `${from} -> ${to} (${step})`;
  return beyondRange === undefined ? change : `${change}, ${beyondRange} is out of range`;
}
