import type { Fault, FaultCode } from "@assay/sdk";

const codes: ReadonlySet<FaultCode> = new Set<FaultCode>([
  "sandbox-failed",
  "workspace-failed",
  "disk-full",
  "state-not-writable",
  "journal-conflict",
]);

/** This machine's disk, database or sandbox failed: what every run needs, and none can help. */
export function isOwnFault({ code }: Fault): boolean {
  return codes.has(code);
}
