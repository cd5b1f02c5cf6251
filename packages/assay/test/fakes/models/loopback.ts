import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

/** An HTTP server on a free port of 127.0.0.1 that goes, with all its connections, when it is disposed of. */
export type Loopback = AsyncDisposable & { readonly url: string };

export async function loopback(listener: RequestListener): Promise<Loopback> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
