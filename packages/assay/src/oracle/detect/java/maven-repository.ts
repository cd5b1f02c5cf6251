import { isAbsolute, join } from "node:path";
import { homeDirectory } from "#ports";

/** Where Maven's local repository appears inside, below what the run adds to it. */
export const mavenRepositoryTarget = "/opt/assay/m2";

/** Where Maven is told to keep what it downloads, else its own place. */
export function localRepository(): string {
  const options = `${process.env.MAVEN_OPTS ?? ""} ${process.env.MAVEN_ARGS ?? ""}`;
  const told = /(?:^|\s)-Dmaven\.repo\.local=(\S+)/.exec(options)?.[1];
  return told !== undefined && isAbsolute(told) ? told : join(homeDirectory(), ".m2/repository");
}
