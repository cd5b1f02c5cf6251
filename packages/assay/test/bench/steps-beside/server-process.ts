import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pass } from "node:timers/promises";

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A server as a child process; ended with its scope. `ready` is tried until it is true. */
export async function serverProcess(
  command: readonly string[],
  ready: () => Promise<boolean>,
  options: { uid?: number; gid?: number } = {},
): Promise<AsyncDisposable> {
  const [program = "", ...parameters] = command;
  const child = spawn(program, parameters, { stdio: "ignore", ...options });
  const process = { [Symbol.asyncDispose]: () => end(child) };
  for (let tries = 0; tries < 100; tries++) {
    if (await ready()) return process;
    await pass(100);
  }
  await end(child);
  throw new Error(`${program} did not come up`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGINT");
  await once(child, "exit");
}
