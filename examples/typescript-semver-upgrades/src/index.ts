export { compareVersions } from "./compare.ts";
export { type Dependency, planUpgrades, type Upgrade } from "./plan.ts";
export { type Comparator, parseRange, type Range } from "./range.ts";
export { formatReport } from "./report.ts";
export { satisfies } from "./satisfies.ts";
export { bestMatch, latest, sortVersions } from "./select.ts";
export { formatVersion, parseVersion, type Version } from "./version.ts";
