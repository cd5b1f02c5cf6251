import type { Socket } from "node:net";
import { addressOf } from "../http/address-of.ts";

export type StrangerLimits = { strangersMax: number; strangersOfAllMax: number };

/** Less than half of the connections there may be: the others are for those who have shown a key. */
export const defaultStrangerLimits: StrangerLimits = { strangersMax: 512, strangersOfAllMax: 1_500 };

/**
 * Connections on which nobody was let in yet. Over a bound the oldest is cut, of all of them that of the address with the most: who has a
 * key shows it at once, and so gets in however many wait without one.
 */
export class Strangers {
  readonly #limits: StrangerLimits;
  readonly #connections = new Map<string, Set<Socket>>();
  readonly #addresses = new Map<Socket, string>();

  constructor(limits: StrangerLimits = defaultStrangerLimits) {
    this.#limits = limits;
  }

  connect(socket: Socket): void {
    const address = addressOf(socket.remoteAddress);
    const own = this.#connections.get(address) ?? new Set();
    this.#connections.set(address, own.add(socket));
    this.#addresses.set(socket, address);
    socket.once("close", () => this.#forget(socket));
    if (own.size > this.#limits.strangersMax) this.#cutOldest(own);
    else if (this.#addresses.size > this.#limits.strangersOfAllMax) this.#cutOldest(this.#most());
  }

  /** Somebody with a key, or a worker with its token. */
  letIn(socket: Socket): void {
    this.#forget(socket);
  }

  #most(): ReadonlySet<Socket> {
    return [...this.#connections.values()].reduce((most, each) => (each.size > most.size ? each : most));
  }

  #cutOldest(connections: ReadonlySet<Socket>): void {
    const [oldest] = connections;
    if (oldest === undefined) return;
    this.#forget(oldest);
    oldest.destroy();
  }

  #forget(socket: Socket): void {
    const address = this.#addresses.get(socket);
    if (address === undefined) return;
    this.#addresses.delete(socket);
    const own = this.#connections.get(address);
    own?.delete(socket);
    if (own?.size === 0) this.#connections.delete(address);
  }
}
