import type { Result } from "@assay/sdk";
import { verifyAgain } from "#app";
import { sanitizeLine } from "#report";
import { writeListing, writeResult } from "../output/json.ts";
import { styler } from "../output/style.ts";

export type VerifyCommandOptions = { in?: string; trustedKeys?: string; rerun?: boolean; json?: boolean };

export async function verifyCommand(receipt: string, options: VerifyCommandOptions): Promise<void> {
  const { verification, checks } = await verifyAgain(receipt, {
    ...(options.in === undefined ? {} : { repository: options.in }),
    ...(options.trustedKeys === undefined ? {} : { trustedKeys: options.trustedKeys }),
    rerun: options.rerun === true,
  });
  const result: Result = { type: "result", ...verification };
  process.exitCode = result.exitCode;
  if (options.json) {
    for (const { name, status, detail } of checks) {
      writeListing({ type: "receipt-checked", check: name, status, detail });
    }
    writeResult(result);
    return;
  }
  const style = styler(process.stdout);
  const marks = { ok: style("green", "✓"), failed: style("red", "✗"), unknown: style("yellow", "?") };
  for (const { name, status, detail } of checks) {
    process.stdout.write(`  ${marks[status]} ${style("bold", name.padEnd(11))} ${sanitizeLine(detail)}\n`);
  }
  process.stdout.write(`\n  ${style("bold", sanitizeLine(result.summary))}\n`);
  if (result.fault?.remedy !== undefined) process.stdout.write(`  → ${sanitizeLine(result.fault.remedy)}\n`);
}
