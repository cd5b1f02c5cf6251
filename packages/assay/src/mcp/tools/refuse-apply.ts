import { raise } from "#domain";
import type { Serving } from "../tool.ts";

/** Fault: `usage` where a patch would be written to the project and nobody allowed that when the server was started. */
export function refuseApply({ allowApply }: Serving, apply: boolean): void {
  if (!apply || allowApply) return;
  raise(
    "usage",
    "this server may not write to projects",
    "take the patch from its file, or have a person start the server with --allow-apply",
  );
}
