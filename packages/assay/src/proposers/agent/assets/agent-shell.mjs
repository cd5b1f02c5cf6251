// node agent-shell.mjs PORT SOCKET HOME COMMAND [ARGUMENT]… runs inside the sandbox: starts the agent with its standard output on
// descriptor 3, and listens on the loopback of the sandbox's own network for what is to go out by the socket.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { constants } from "node:os";
import process from "node:process";

const [port, path, home, file, ...args] = process.argv.slice(2);
mkdirSync(home, { recursive: true, mode: 0o700 });

const open = new Set();
const server = createServer({ allowHalfOpen: true }, (inner) => {
  const outer = connect({ path, allowHalfOpen: true });
  for (const [side, other] of [
    [inner, outer],
    [outer, inner],
  ]) {
    open.add(side);
    side.pipe(other);
    side.on("error", () => other.destroy());
    side.on("close", () => {
      open.delete(side);
      other.destroy();
    });
  }
});

const end = (code) => {
  process.exitCode = code;
  server.close();
  for (const socket of open) socket.destroy();
};

server.listen(Number(port), "127.0.0.1", () => {
  const agent = spawn(file, args, { stdio: ["inherit", 3, "inherit"] });
  agent.once("error", (error) => {
    process.stderr.write(`the agent cannot be started: ${error.message}\n`);
    end(127);
  });
  agent.once("exit", (code, signal) => end(code ?? 128 + (constants.signals[signal] ?? 0)));
});
