import type { Isolation } from "@assay/sdk";

/** How little separated the executed code from its machine; 0 is best. No sandbox weighs most, then the network. */
export function isolationWeakness({ kind, network, seccomp, memory }: Isolation): number {
  return (kind === "none" ? 8 : 0) + (network === "host" ? 4 : 0) + (seccomp ? 0 : 2) + (memory === "none" ? 1 : 0);
}
