/** Many clients of one stream of events in a process of their own: a part of `sse-clients.ts`, which sends the task. */
import { Agent, get, type IncomingMessage } from "node:http";

export type ClientsTask = { url: string; clients: number; total: number; seed: number };
export type ClientsReport = {
  clients: number;
  /** Of each event at each client. */
  latenciesMs: number[];
  lost: number;
  twice: number;
  reconnects: number;
};

/** A client connects again after so many events, more or less. */
const eventsPerConnection = 150;

process.once("message", (task: ClientsTask) => {
  void clients(task).then((report) => process.send?.(report, () => process.disconnect()));
});

async function clients({ url, clients: count, total, seed }: ClientsTask): Promise<ClientsReport> {
  const report: ClientsReport = { clients: count, latenciesMs: [], lost: 0, twice: 0, reconnects: 0 };
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const random = randomOf(seed);
  await Promise.all(
    Array.from({ length: count }, () => oneClient(new URL("/v1/events", url), agent, total, random, report)),
  );
  return report;
}

async function oneClient(
  url: URL,
  agent: Agent,
  total: number,
  random: () => number,
  report: ClientsReport,
): Promise<void> {
  let last = 0;
  // Whoever started this may be gone.
  while (last < total && process.connected) {
    const until = last + Math.ceil(eventsPerConnection * (0.5 + random()));
    await oneConnection(url, agent, last, (position, sentAt) => {
      report.latenciesMs.push(performance.timeOrigin + performance.now() - sentAt);
      if (position <= last) report.twice += 1;
      report.lost += Math.max(0, position - last - 1);
      last = Math.max(last, position);
      return last < total && last < until;
    });
    if (last < total) report.reconnects += 1;
  }
}

/** Until `onEvent` wants no more, or the connection ends. */
function oneConnection(
  url: URL,
  agent: Agent,
  last: number,
  onEvent: (position: number, sentAt: number) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const request = get(url, { agent, headers: { "last-event-id": String(last) } }, (response: IncomingMessage) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        for (;;) {
          const end = text.indexOf("\n\n");
          if (end < 0) return;
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const [, position, sentAt] = /^id: (\d+)\nevent: note\ndata: .*"message":"([\d.]+) /.exec(block) ?? [];
          if (position === undefined || onEvent(Number(position), Number(sentAt))) continue;
          request.destroy();
          return;
        }
      });
      response.on("error", () => undefined);
    });
    request.on("error", () => undefined);
    request.on("close", resolve);
  });
}

/** Mulberry32: the same clients connect again at the same events in every run of the bench. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
