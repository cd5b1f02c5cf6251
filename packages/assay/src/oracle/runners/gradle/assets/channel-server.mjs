// Runs inside the sandbox, in the driver: the way from Gradle's process to here, which a test can neither name nor write to.
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

const connectionsMax = 16;

/**
 * Listens on loopback for the one connection that begins with a key. `begun` is given
 * Gradle's version, `told` each event; `address` goes to Gradle's
 * stdin, for the environment and the arguments of a process can be read by others of the same user.
 */
export async function openChannel({ begun, told }) {
  const key = randomBytes(16).toString("hex");
  let isBegun = false;
  let closed = Promise.resolve();
  const take = (socket) => {
    socket.on("error", () => socket.destroy());
    const lines = createInterface({ input: socket });
    let known = false;
    lines.on("line", (line) => {
      const event = parsed(line);
      if (known) return told(event);
      if (event?.key !== key || isBegun) return socket.destroy();
      known = true;
      isBegun = true;
      begun(String(event.version));
      closed = new Promise((resolve) => lines.once("close", resolve));
    });
  };
  const server = createServer(take);
  server.maxConnections = connectionsMax;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return {
    address: `${server.address().port} ${key}`,
    isBegun: () => isBegun,
    /** When everything was read that the process wrote. */
    drained: async () => await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 2000).unref())]),
  };
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
