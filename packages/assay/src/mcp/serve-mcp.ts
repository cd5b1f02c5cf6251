import type { Readable, Writable } from "node:stream";
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { assayVersion } from "#app";
import { loadTrustedKeys } from "#receipt";
import { sanitizeLine } from "#report";
import { Roots } from "./roots.ts";
import { Drives } from "./runs/drives.ts";
import type { Serving } from "./tool.ts";
import { tools } from "./tools/tools.ts";
import { LineTransport } from "./wire/line-transport.ts";
import { registerTool } from "./wire/register-tool.ts";

export type ServeMcpOptions = {
  /** The folders below which callers may name projects. */
  roots: readonly string[];
  /** Whether callers may have accepted patches written to a project. */
  allowApply: boolean;
  /** Keys that `verify` trusts instead of the user's own. */
  trustedKeys?: string;
  input: Readable;
  output: Writable;
  /** One line for the log; never the protocol's stream. */
  log: (line: string) => void;
  /** Ends the serving. */
  signal: AbortSignal;
};

const lineBytesMax = 4 * 1024 * 1024;
const requestsMax = 32;
const subscriptionsMax = 8;

const instructions =
  "Assay decides on evidence whether a change is what it claims to be. Use heal for failing tests, judge for a change that you made, verify for a receipt. Only the outcome `accepted` is a proven change.";

/**
 * Serves agents that call Assay by the Model Context Protocol, until they are gone: revisions that begin with `initialize`
 * (2025-11-25 and before) and those whose requests stand alone (2026-07-28). Then everything that was going on is interrupted,
 * resumable. Faults: `usage` for a root that is not there, `key-invalid`.
 */
export async function serveMcp(options: ServeMcpOptions): Promise<void> {
  const { allowApply, trustedKeys, input, output, signal } = options;
  const log = (line: string) => options.log(sanitizeLine(line, 2_000));
  // A file that cannot be used is told at once, not at the first receipt.
  if (trustedKeys !== undefined) await loadTrustedKeys(trustedKeys);
  const drives = new Drives(log);
  const serving: Serving = {
    roots: await Roots.open(options.roots),
    drives,
    allowApply,
    ...(trustedKeys === undefined ? {} : { trustedKeys }),
  };
  const transport = new LineTransport({ input, output, lineBytesMax, requestsMax });
  const served = serveStdio(() => newServer(serving, log), {
    transport,
    maxSubscriptions: subscriptionsMax,
    onerror: (error) => log(error.message),
  });
  const close = () => void served.close();
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) close();
  try {
    await transport.closed;
  } finally {
    signal.removeEventListener("abort", close);
    await drives.stop();
  }
}

function newServer(serving: Serving, log: (line: string) => void): McpServer {
  const server = new McpServer({ name: "assay", title: "Assay", version: assayVersion() }, { instructions });
  for (const tool of tools) registerTool(server, tool, serving, log);
  return server;
}
