import type { AddressInfo, Socket } from "node:net";
import { AssayClient, type AssayProblem, type PositionedEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { MemoryJournal } from "#store";
import { serveEventsOf } from "../fakes/event-server.ts";
import { appendTo, note, noted } from "../support/noting.ts";

const finished = { type: "result", outcome: "accepted", exitCode: 0, summary: "done" } as const;
const said = ({ event }: PositionedEvent) => (event.type === "note" ? event.message : event.type);

async function take(events: AsyncIterable<PositionedEvent>, count: number): Promise<PositionedEvent[]> {
  const taken: PositionedEvent[] = [];
  for await (const event of events) if (taken.push(event) === count) break;
  return taken;
}

describe("the events of a client", () => {
  test("come once and in order through connections that break and a server that restarts", async () => {
    await using journal = new MemoryJournal();
    const options = { retryMs: 20 };
    let server = await serveEventsOf(journal, options);
    const { port } = server.server.address() as AddressInfo;
    const client = new AssayClient({ url: server.url });
    const total = 300;
    const taken = take(client.events({ after: 0 }), total);
    for (let index = 0; index < total; index += 10) {
      await note(
        journal,
        Array.from({ length: 10 }, (_, next) => String(index + next)),
      );
      if (index % 60 === 0) server.server.closeAllConnections();
      if (index === 150) {
        await server[Symbol.asyncDispose]();
        server = await serveEventsOf(journal, { ...options, port });
      }
      await new Promise(setImmediate);
    }
    expect((await taken).map(said)).toEqual(Array.from({ length: total }, (_, index) => String(index)));
    await server[Symbol.asyncDispose]();
  });

  test("begin with what comes next, and miss nothing when the connection breaks before anything came", async () => {
    await using journal = new MemoryJournal();
    await note(journal, ["before"]);
    await using server = await serveEventsOf(journal, { retryMs: 20 });
    const sockets: Socket[] = [];
    server.server.on("connection", (socket: Socket) => sockets.push(socket));
    const events = new AssayClient({ url: server.url }).events();
    const first = events.next();
    // The position is told with the first bytes.
    while (!sockets.some(({ bytesWritten }) => bytesWritten > 0)) await new Promise(setImmediate);
    server.streams.endOf("nobody");
    await note(journal, ["between"]);
    const { value } = await first;
    expect(value === undefined ? undefined : said(value)).toBe("between");
    await events.return();
  });

  test("are those of the run and the types asked for, up to its result", async () => {
    await using journal = new MemoryJournal();
    await note(journal, ["a", "b"]);
    await appendTo(journal, [{ type: "run-cancelled", by: "Ada" }]);
    await appendTo(journal, [finished]);
    await note(journal, ["remarked afterwards"]);
    await using server = await serveEventsOf(journal);
    const client = new AssayClient({ url: server.url });
    const all = await Array.fromAsync(client.events({ after: 0, run: noted, untilResult: true }));
    expect(all.map(said)).toEqual(["a", "b", "run-cancelled", "result"]);
    const some = await Array.fromAsync(
      client.events({ after: 0, run: noted, untilResult: true, types: ["run-cancelled"] }),
    );
    expect(some.map(said)).toEqual(["run-cancelled"]);
    const nothing = client.events({ untilResult: true }).next();
    await expect(nothing).rejects.toMatchObject({ code: "usage" } satisfies Partial<AssayProblem>);
    while (server.streams.open > 0) await new Promise(setImmediate);
  });

  test("throw what another try would not mend, and what the signal says", async () => {
    await using journal = new MemoryJournal();
    await using server = await serveEventsOf(journal);
    const client = new AssayClient({ url: server.url });
    await expect(client.events({ after: 9 }).next()).rejects.toMatchObject({ status: 409, code: "journal-conflict" });
    await expect(client.events({ run: "?" }).next()).rejects.toMatchObject({ status: 400, code: "usage" });
    const reason = new Error("enough");
    const controller = new AbortController();
    const waiting = client.events({ signal: controller.signal }).next();
    while (server.streams.open === 0) await new Promise(setImmediate);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    while (server.streams.open > 0) await new Promise(setImmediate);
  });

  test("are given up after as many failures as were allowed", async () => {
    let url: string;
    {
      await using journal = new MemoryJournal();
      await using server = await serveEventsOf(journal);
      url = server.url;
    }
    const lost = new AssayClient({ url }).events({ failuresMax: 1 }).next();
    await expect(lost).rejects.toMatchObject({ status: 0, code: "daemon-unreachable" });
  });

  test("that came faster than they were read are all there", async () => {
    await using journal = new MemoryJournal();
    await using server = await serveEventsOf(journal, { bufferedBytesMax: 16 * 1024, stalledMsMax: 50, retryMs: 10 });
    const total = 24;
    await note(
      journal,
      Array.from({ length: total }, (_, index) => `${index} ${"x".repeat(512 * 1024)}`),
    );
    const events = new AssayClient({ url: server.url }).events({ after: 0 });
    await events.next();
    // It is cut off while nobody reads, and goes on.
    while (server.streams.open > 0) await new Promise(setImmediate);
    const rest = await take(events, total - 1);
    expect(rest.map(({ position }) => position)).toEqual(Array.from({ length: total - 1 }, (_, index) => index + 2));
  });
});
