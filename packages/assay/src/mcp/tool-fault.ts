import type { Fault } from "@assay/sdk";
import { faultCodeSchema } from "@assay/sdk";
import { z } from "zod";
import { FaultError, fault } from "#domain";
import { sanitizeLine, sanitizeText } from "#report";
import type { Answer } from "./tool.ts";

const messageLengthMax = 2_000;

/** A fault as callers see it. */
export const shownFaultSchema = z.object({
  code: faultCodeSchema,
  message: z.string(),
  remedy: z.string().optional().meta({ description: "What can be done now." }),
});
export type ShownFault = z.infer<typeof shownFaultSchema>;

export function shownFault({ code, message, remedy }: Fault): ShownFault {
  const shown = { code, message: sanitizeLine(message, messageLengthMax) };
  return remedy === undefined ? shown : { ...shown, remedy: sanitizeLine(remedy, messageLengthMax) };
}

/** What a caller is told when a tool threw. A defect's particulars are for the log alone. */
export function faultAnswer(error: unknown, log: (line: string) => void): Answer {
  if (!(error instanceof FaultError)) {
    log(`defect: ${sanitizeText(error instanceof Error ? (error.stack ?? error.message) : String(error))}`);
  }
  const shown = shownFault(
    error instanceof FaultError
      ? error.fault
      : fault("defect", "this is a defect of Assay", "please report it with what the server wrote to its log"),
  );
  return { content: { error: shown }, text: faultText(shown), failed: true };
}

export function faultText({ code, message, remedy }: ShownFault): string {
  return `${code}: ${message}${remedy === undefined ? "" : `\n→ ${remedy}`}`;
}
