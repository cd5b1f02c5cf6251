import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type CallToolResult, Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { daemonEnv } from "./daemon.ts";

const bin = fileURLToPath(new URL("../../bin/assay.mjs", import.meta.url));

/** `initialize`: revisions up to 2025-11-25; `stateless`: 2026-07-28, where each request stands alone. */
export type Generation = "initialize" | "stateless";

export type ConnectedClient = AsyncDisposable & {
  client: Client;
  call(name: string, args: Record<string, unknown>, onprogress?: (message: string) => void): Promise<CallToolResult>;
};

/** The real server and a real client of it. */
export async function connectClient(
  home: string,
  args: readonly string[],
  generation: Generation = "stateless",
): Promise<ConnectedClient> {
  const negotiation = generation === "stateless" ? { versionNegotiation: { mode: { pin: "2026-07-28" } } } : {};
  const client = new Client({ name: "test", version: "1" }, negotiation);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [bin, "mcp", ...args],
    env: daemonEnv(home),
    stderr: "ignore",
  });
  await client.connect(transport);
  return {
    client,
    call: (name, given, onprogress) =>
      client.callTool(
        { name, arguments: given },
        {
          timeout: 240_000,
          ...(onprogress === undefined ? {} : { onprogress: ({ message }) => onprogress(message ?? "") }),
        },
      ),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

type Message = { id?: number | string; method?: string; [key: string]: unknown };

export type RawServer = AsyncDisposable & {
  pid: number;
  /** Writes a line as it is, or a message as JSON. */
  send(message: object | string): Promise<void>;
  /** The first message, of those that came or will come, that is so; fails when the server ends before. */
  until(wanted: (message: Message) => boolean): Promise<Message>;
  /** Closes its standard input. */
  hangUp(): void;
  /** What it exited with. */
  ended: Promise<number | null>;
  /** Everything that it wrote to standard output, a line each, and to standard error. */
  lines: readonly string[];
  log(): string;
  /** Settles when it has written this to standard error. */
  said(wanted: RegExp): Promise<void>;
};

/** The real server, spoken to line by line. */
export function startRaw(home: string, args: readonly string[], env: Record<string, string> = {}): RawServer {
  const child = spawn(process.execPath, [bin, "mcp", ...args], {
    env: { ...daemonEnv(home), ...env },
    stdio: "pipe",
  });
  const lines: string[] = [];
  let log = "";
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const each of waiting) each();
  };
  const reader = createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    wake();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
    wake();
  });
  // Who writes to a server that has ended learns it from `ended`.
  child.stdin.on("error", () => undefined);
  let isOver = false;
  const ended = once(child, "close").then(([code]): number | null => {
    isOver = true;
    wake();
    return code;
  });
  const eventually = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found === undefined && !isOver) return;
        waiting.delete(look);
        if (found === undefined) reject(new Error(`the server ended: ${lines.join("\n")}\n${log}`));
        else resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    pid: child.pid ?? 0,
    lines,
    log: () => log,
    ended,
    async send(message) {
      const line = typeof message === "string" ? message : JSON.stringify(message);
      if (!child.stdin.write(`${line}\n`)) await Promise.race([once(child.stdin, "drain"), ended]);
    },
    until: (wanted) => eventually(() => lines.map((line): Message => JSON.parse(line)).find(wanted)),
    said: (wanted) => eventually(() => (wanted.test(log) ? true : undefined)).then(() => undefined),
    hangUp: () => child.stdin.end(),
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
      reader.close();
    },
  };
}

/** A server that has been through the handshake of 2025. */
export async function startInitialized(
  home: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<RawServer> {
  const server = startRaw(home, args, env);
  await server.send(initialize("2025-06-18"));
  await server.until(({ id }) => id === "hello");
  await server.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  return server;
}

export function initialize(protocolVersion: string): object {
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: "raw", version: "1" } };
  return { jsonrpc: "2.0", id: "hello", method: "initialize", params };
}

export function toolCall(id: number | string, name: string, args: object, meta: object = {}): object {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args, _meta: meta } };
}
