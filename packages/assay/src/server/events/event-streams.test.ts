import { once } from "node:events";
import { type ClientRequest, get, type IncomingMessage, type ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { MemoryJournal } from "#store";
import { type EventServer, serveEventsOf } from "../../../test/fakes/event-server.ts";
import { appendTo, note } from "../../../test/support/noting.ts";

type Opened = { request: ClientRequest; response: IncomingMessage; until(text?: string): Promise<string> } & Disposable;

async function open({ url }: EventServer, query = "", headers: Record<string, string> = {}): Promise<Opened> {
  const request = get(`${url}/v1/events${query}`, { headers });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.setEncoding("utf8");
  return {
    request,
    response,
    until: (text) => readUntil(response, text),
    [Symbol.dispose]: () => void request.destroy(),
  };
}

/** All that comes up to a text, from the beginning; without one, up to the end of the connection, however that comes. */
function readUntil(response: IncomingMessage, text?: string): Promise<string> {
  const chunks: string[] = [];
  let end = "";
  return new Promise((resolve, reject) => {
    const onEnd = () => {
      if (text === undefined) resolve(chunks.join(""));
      else reject(new Error(`ended before ${text}: ${chunks.join("").slice(0, 500)}`));
    };
    response.on("data", (chunk: string) => {
      chunks.push(chunk);
      if (text === undefined) return;
      end = end.slice(-text.length) + chunk;
      if (!end.includes(text)) return;
      for (const name of ["data", "error", "close"]) response.removeAllListeners(name);
      response.pause();
      response.unshift(chunks.join(""));
      resolve(chunks.join(""));
    });
    response.once("error", onEnd);
    response.once("close", onEnd);
    response.resume();
  });
}

describe("the stream of events", () => {
  test("gives each event its position as id, its type as name and itself as data", async () => {
    await using journal = new MemoryJournal();
    const [event] = await note(journal, ["first\nof\rthem"]);
    await using server = await serveEventsOf(journal);
    using stream = await open(server, "?after=0");
    expect(stream.response.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    const data = JSON.stringify({ position: 1, event });
    expect(await stream.until("data:")).toBe(
      `retry: 1000\n\n: from here\nid: 0\n\nid: 1\nevent: note\ndata: ${data}\n\n`,
    );
  });

  test("goes on behind Last-Event-ID, whatever `after` says", async () => {
    await using journal = new MemoryJournal();
    await note(journal, ["one", "two", "three"]);
    await using server = await serveEventsOf(journal);
    using stream = await open(server, "?after=0", { "last-event-id": "2" });
    const received = await stream.until("three");
    expect(received).not.toContain("two");
  });

  test("shows the run and the types that were asked for", async () => {
    await using journal = new MemoryJournal();
    await note(journal, ["not this"]);
    await appendTo(journal, [{ type: "run-cancelled", by: "Ada" }]);
    await using server = await serveEventsOf(journal);
    using stream = await open(server, "?after=0&types=run-cancelled,result&run=heal-noted0001");
    expect(await stream.until("Ada")).not.toContain("not this");
  });

  test.each([
    ["?types=note,bogus", {}, 400, 'there is no event type "bogus"'],
    ["?run=NO", {}, 400, "run is not a run's id"],
    ["", { "last-event-id": "-1" }, 400, "Last-Event-ID is not a position"],
    ["", { "last-event-id": "99999999999999999" }, 400, "Last-Event-ID is not a position"],
    ["?after=7", {}, 409, "behind the end of this journal"],
  ])("refuses %s %o before it begins", async (query, headers: Record<string, string>, status, detail) => {
    await using journal = new MemoryJournal();
    await using server = await serveEventsOf(journal);
    using stream = await open(server, query, headers);
    expect(stream.response.statusCode).toBe(status);
    expect(await stream.until("}")).toContain(JSON.stringify(detail).slice(1, -1));
  });

  test("says at every heartbeat how far it has looked, also where nothing is shown", async () => {
    await using journal = new MemoryJournal();
    await using server = await serveEventsOf(journal, { heartbeatMs: 5 });
    using stream = await open(server, "?types=result");
    await stream.until("from here\nid: 0");
    await note(journal, ["filtered", "out"]);
    expect(await stream.until("id: 2")).not.toContain("data:");
  });

  test("ends when the key does not hold any more, and at once when it is revoked", async () => {
    await using journal = new MemoryJournal();
    let holds = true;
    await using server = await serveEventsOf(journal, { heartbeatMs: 5, stillAllowed: () => holds });
    using expired = await open(server, "", { authorization: "Bearer a" });
    using revoked = await open(server, "", { authorization: "Bearer b" });
    expect(server.streams.open).toBe(2);
    server.streams.endOf("b");
    await once(revoked.response.resume(), "end");
    expect(server.streams.open).toBe(1);
    holds = false;
    await once(expired.response.resume(), "end");
    expect(server.streams.open).toBe(0);
  });

  test("is refused where a key, or all together, have too many", async () => {
    await using journal = new MemoryJournal();
    await using server = await serveEventsOf(journal, { streamsPerKeyMax: 1, streamsMax: 2 });
    using first = await open(server, "", { authorization: "Bearer a" });
    using second = await open(server, "", { authorization: "Bearer a" });
    using third = await open(server, "", { authorization: "Bearer b" });
    using fourth = await open(server, "", { authorization: "Bearer c" });
    expect([first, second, third, fourth].map(({ response }) => response.statusCode)).toEqual([200, 429, 200, 503]);
    first.request.destroy();
    while (server.streams.open > 1) await new Promise(setImmediate);
    using fifth = await open(server, "", { authorization: "Bearer c" });
    expect(fifth.response.statusCode).toBe(200);
  });

  test("ends cleanly when the server stops, and none begins then", async () => {
    await using journal = new MemoryJournal();
    await using server = await serveEventsOf(journal);
    using stream = await open(server);
    server.streams.close();
    await once(stream.response.resume(), "end");
    expect(stream.response.complete).toBe(true);
    using late = await open(server);
    expect(late.response.statusCode).toBe(503);
  });

  test("ends when somebody closes the connection on this side, and nothing breaks", async () => {
    await using journal = new MemoryJournal();
    const closing: ServerResponse[] = [];
    await using server = await serveEventsOf(journal, {
      otherwise: (_, response) => {
        closing.push(response);
        return false;
      },
    });
    using stream = await open(server);
    await stream.until("from here");
    // As written to before the close is told.
    const written = note(journal, ["too late"]);
    closing[0]?.destroy();
    await written;
    while (server.streams.open > 0) await new Promise(setImmediate);
  });

  test("cuts off a client that does not read, which goes on where it was; others are not held up", async () => {
    await using journal = new MemoryJournal();
    const total = 40;
    const text = "x".repeat(512 * 1024);
    await note(journal, Array<string>(total).fill(text));
    await using server = await serveEventsOf(journal, { bufferedBytesMax: 64 * 1024, stalledMsMax: 3000 });
    using idle = await open(server, "?after=0");
    using reading = await open(server, "?after=0");
    expect(positionsIn(await reading.until(`id: ${total}\n`))).toHaveLength(total);
    while (server.streams.open > 1) await new Promise(setImmediate);
    // What was on its way to it by then.
    const left = positionsIn(await idle.until());
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(total);
    using resumed = await open(server, "", { "last-event-id": String(left.at(-1)) });
    const rest = positionsIn(await resumed.until(`id: ${total}\n`));
    expect([...left, ...rest]).toEqual(Array.from({ length: total }, (_, index) => index + 1));
  });
});

/** Of events that have come whole, or with their head. */
function positionsIn(received: string): number[] {
  return [...received.matchAll(/^id: (\d+)\nevent: /gm)].map((match) => Number(match[1]));
}
