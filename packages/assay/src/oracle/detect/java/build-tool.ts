import type { Fault } from "@assay/sdk";
import type { ReadOnlyMount } from "#ports";

/** What builds and tests a Java project, found by reading alone. */
export type FoundBuildTool =
  | { kind: "found"; mounts: readonly ReadOnlyMount[]; details: readonly string[] }
  | { kind: "missing"; fault: Fault };

/** Where an installed Maven or Gradle appears inside, unless it is part of the root already. */
export const buildToolTarget = "/opt/assay/build-tool";
