import { Console } from "node:console";
import { serveMcp } from "#mcp";
import { abortOnInterrupt } from "../interrupt.ts";

export type McpOptions = { root: string[]; allowApply?: boolean; trustedKeys?: string };

export async function mcpCommand(options: McpOptions): Promise<void> {
  // Whatever a library prints must not come between the protocol's lines.
  globalThis.console = new Console(process.stderr);
  if (process.stdin.isTTY) {
    process.stderr.write("assay mcp: waits for an agent to write to its standard input; Ctrl-C ends it\n");
  }
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
