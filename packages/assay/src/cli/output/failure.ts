import type { Fault } from "@assay/sdk";
import { FaultError, fault, faultPolicy } from "#domain";
import { sanitizeText } from "#report";
import { writeResult } from "./json.ts";

/** Says what happened, why and what to do; returns the exit code. In JSON mode the same as the stream's last line. */
export function reportFailure(error: unknown, json: boolean): number {
  const cause = asFault(error);
  const { exitCode } = faultPolicy(cause.code);
  if (json) {
    writeResult({ type: "result", outcome: "failed", exitCode, summary: cause.message, fault: cause });
  }
  process.stderr.write(`assay: ${sanitizeText(cause.message)}\n`);
  if (cause.remedy !== undefined) process.stderr.write(`  → ${sanitizeText(cause.remedy)}\n`);
  if (cause.code === "defect" && error instanceof Error && error.stack !== undefined) {
    process.stderr.write(`${sanitizeText(error.stack)}\n`);
  }
  return exitCode;
}

function asFault(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  if (typeof error === "object" && error !== null && "code" in error && error.code === "usage" && "message" in error) {
    return fault("usage", String(error.message), "run `assay --help`");
  }
  const message = error instanceof Error ? error.message : String(error);
  return fault("defect", `this is a defect of Assay: ${message}`, "please report it with the lines below");
}
