import { serveMcp } from "#mcp";
import { abortOnInterrupt } from "../interrupt.ts";

export type McpOptions = { root: string[]; allowApply?: boolean; trustedKeys?: string };

export async function mcpCommand(options: McpOptions): Promise<void> {
  using interrupt = abortOnInterrupt();
  await serveMcp({
    roots: options.root.length === 0 ? ["."] : options.root,
    allowApply: options.allowApply === true,
    ...(options.trustedKeys === undefined ? {} : { trustedKeys: options.trustedKeys }),
    input: process.stdin,
    output: process.stdout,
    log: (line) => process.stderr.write(`assay mcp: ${line}\n`),
    signal: interrupt.signal,
  });
  process.exitCode = interrupt.signal.aborted ? 130 : 0;
}
