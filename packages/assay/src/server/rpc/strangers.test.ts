import { Socket } from "node:net";
import { expect, test } from "vitest";
import { Strangers } from "./strangers.ts";

function from(address: string): Socket {
  return Object.defineProperty(new Socket(), "remoteAddress", { value: address });
}

function connected(strangers: Strangers, addresses: readonly string[]): Socket[] {
  const sockets = addresses.map(from);
  for (const socket of sockets) strangers.connect(socket);
  return sockets;
}

const cut = (sockets: readonly Socket[]) => sockets.map(({ destroyed }) => destroyed);

test("the newest connection of an address is kept and the oldest cut that nobody was let in on", () => {
  const strangers = new Strangers({ strangersMax: 2, strangersOfAllMax: 10 });
  const known = from("10.0.0.1");
  strangers.connect(known);
  strangers.letIn(known);
  const sockets = connected(strangers, ["10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.1"]);
  expect(cut([known, ...sockets])).toEqual([false, true, false, false, false]);
});

test("this machine is one address, whichever of its own it uses", () => {
  const strangers = new Strangers({ strangersMax: 2, strangersOfAllMax: 10 });
  const sockets = connected(strangers, ["127.0.0.2", "::1", "::ffff:127.9.9.9", "127.0.0.1"]);
  expect(cut(sockets)).toEqual([true, true, false, false]);
});

test("over the bound of all the address with the most loses its oldest", () => {
  const strangers = new Strangers({ strangersMax: 3, strangersOfAllMax: 4 });
  const sockets = connected(strangers, ["10.0.0.9", "10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  expect(cut(sockets)).toEqual([false, true, true, false, false, false]);
});

test("a connection that has ended counts no more", async () => {
  const strangers = new Strangers({ strangersMax: 1, strangersOfAllMax: 10 });
  const [gone] = connected(strangers, ["10.0.0.1"]) as [Socket];
  await new Promise<void>((closed) => void gone.once("close", () => closed()).destroy());
  const [next] = connected(strangers, ["10.0.0.1"]) as [Socket];
  expect(next.destroyed).toBe(false);
});
