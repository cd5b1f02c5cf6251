import { once } from "node:events";
import { chmod } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { EgressSummary } from "@assay/sdk";
import { type EgressBounds, EgressTally, egressBounds } from "./egress-tally.ts";
import type { HostRules } from "./host-rules.ts";
import { forward, type Route, refuse } from "./reverse-route.ts";
import { openTunnel, resolveHost } from "./tunnel.ts";

export type EgressOptions = {
  /** Where to listen: a path of fewer than 108 bytes, in a folder that only this user can enter. */
  socket: string;
  rules: HostRules;
  routes: readonly Route[];
  bounds?: EgressBounds;
  resolve?: (host: string) => Promise<string[]>;
};

/**
 * The only way out of an agent's sandbox: tunnels to hosts on a list, and reverse routes to the APIs that the user named, where the
 * credential is added on this side. It listens on a Unix socket, so that nobody else on the machine or the network can use it.
 */
export class EgressProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #tally: EgressTally;
  readonly #open = new Set<Duplex>();

  private constructor(options: EgressOptions) {
    const bounds = options.bounds ?? egressBounds;
    const tally = new EgressTally(bounds);
    this.#tally = tally;
    const tunnels = { rules: options.rules, tally, bounds, resolve: options.resolve ?? resolveHost };
    this.#server = createServer({ maxHeaderSize: headerBytesMax }, (asked, answer) =>
      this.#route(options.routes, asked, answer, bounds),
    );
    this.#server.maxConnections = bounds.connectionsMax;
    this.#server.requestTimeout = 0;
    this.#server.on("connection", (socket) => {
      this.#open.add(socket);
      socket.once("close", () => this.#open.delete(socket));
    });
    this.#server.on("connect", (asked: IncomingMessage, inner: Duplex, head: Buffer) => {
      inner.on("error", () => inner.destroy());
      void openTunnel(tunnels, asked.url ?? "", inner, head);
    });
    this.#server.on("clientError", (_error, socket) => socket.destroy());
  }

  /** Rejects with what the system says when it cannot listen there. */
  static async open(options: EgressOptions): Promise<EgressProxy> {
    const proxy = new EgressProxy(options);
    proxy.#server.listen(options.socket);
    await once(proxy.#server, "listening");
    // From now on: a connection that could not be taken, for want of descriptors. The agent may try again.
    proxy.#server.on("error", () => undefined);
    // The sandbox's uid may be another; the folder around it keeps others out.
    await chmod(options.socket, 0o666);
    return proxy;
  }

  get summary(): EgressSummary {
    return this.#tally.summary;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #route(routes: readonly Route[], asked: IncomingMessage, answer: ServerResponse, bounds: EgressBounds): void {
    const [, name, rest = ""] = /^\/([^/?#]+)([/?].*)?$/.exec(asked.url ?? "") ?? [];
    const route = routes.find((one) => one.name === name);
    if (route !== undefined) forward(route, rest, asked, answer, { tally: this.#tally, bounds });
    else {
      this.#tally.refuse(asked.url ?? "");
      refuse(answer, 403, "this is not an upstream; hosts on the list are reached by CONNECT");
    }
  }
}

const headerBytesMax = 64 * 1024;
