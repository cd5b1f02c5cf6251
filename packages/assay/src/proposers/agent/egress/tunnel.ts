import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { EgressBounds, EgressTally } from "./egress-tally.ts";
import { type HostPort, type HostRules, parseHostPort } from "./host-rules.ts";
import { isPublicAddress } from "./public-address.ts";

export type TunnelOptions = {
  rules: HostRules;
  tally: EgressTally;
  bounds: EgressBounds;
  /** All addresses of a name. */
  resolve: (host: string) => Promise<string[]>;
};

export const resolveHost = async (host: string): Promise<string[]> =>
  (await lookup(host, { all: true })).map(({ address }) => address);

const connectMsMax = 20_000;

/** Answers `CONNECT HOST:PORT`. Resolved once: the address that was looked at is the one that is connected to. */
export async function openTunnel(options: TunnelOptions, target: string, inner: Duplex, head: Buffer): Promise<void> {
  const { tally } = options;
  const asked = parseHostPort(target);
  const address = asked === undefined ? undefined : await allowedAddress(options, asked);
  if (asked === undefined || address === undefined) {
    tally.refuse(target);
    return close(inner, "403 Forbidden", "this host is not on the list of those that the agent may reach");
  }
  if (!tally.admit(nameOf(asked)))
    return close(inner, "429 Too Many Requests", "the agent's limit of requests or bytes is reached");
  const outer = connect({ host: address, port: asked.port, allowHalfOpen: true });
  outer.setTimeout(connectMsMax, () => outer.destroy(new Error("no answer")));
  outer.on("error", () => close(inner, "502 Bad Gateway", "the host cannot be reached"));
  outer.once("connect", () => {
    outer.removeAllListeners("timeout");
    outer.setTimeout(options.bounds.idleMsMax, () => outer.destroy());
    inner.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (head.length > 0) inner.unshift(head);
    join(inner, outer, tally);
  });
  inner.once("close", () => outer.destroy());
}

/** The first of the host's addresses, if it may be reached; none where any of them is of a network that it may not see. */
async function allowedAddress({ rules, resolve }: TunnelOptions, asked: HostPort): Promise<string | undefined> {
  const answer = rules.ask(asked);
  if (answer.kind === "refused") return undefined;
  const addresses = isIP(asked.host) === 0 ? await resolve(asked.host).catch(() => []) : [asked.host];
  return answer.named || addresses.every(isPublicAddress) ? addresses[0] : undefined;
}

function join(inner: Duplex, outer: Socket, tally: EgressTally): void {
  const end = () => {
    inner.destroy();
    outer.destroy();
  };
  inner.on("data", (chunk: Buffer) => void (tally.send(chunk.length) || end()));
  outer.on("data", (chunk: Buffer) => void (tally.receive(chunk.length) || end()));
  for (const side of [inner, outer]) side.on("error", end);
  outer.once("close", end);
  inner.pipe(outer);
  outer.pipe(inner);
}

function close(inner: Duplex, status: string, why: string): void {
  if (inner.destroyed) return;
  inner.end(`HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\nassay: ${why}\n`);
}

function nameOf({ host, port }: HostPort): string {
  return port === 443 ? host : `${host}:${port}`;
}
