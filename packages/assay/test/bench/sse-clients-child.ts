/** Many clients of one stream of events in a process of their own: a part of `sse-clients.ts`, which sends the task. */
import { Agent, get, type IncomingMessage } from "node:http";

export type ClientsTask = {
  url: string;
  clients: number;
  /** Where they begin, and the last event that they wait for. */
  from: number;
  total: number;
  /** Whoever connects again asks for so many events that it has seen. */
  behind: number;
  seed: number;
};
export type ClientsReport = {
  clients: number;
  /** Of each event at each client, the first time that it is seen. */
  latenciesMs: number[];
  /** Of those, where the client had caught up before. */
  liveMs: number[];
  lost: number;
  twice: number;
  reconnects: number;
};

/** A client connects again after so many events, more or less. */
const eventsPerConnection = 150;

process.once("message", (task: ClientsTask) => {
  void clients(task).then((report) => process.send?.(report, () => process.disconnect()));
});

async function clients(task: ClientsTask): Promise<ClientsReport> {
  const { clients: count, seed } = task;
  const report: ClientsReport = { clients: count, latenciesMs: [], liveMs: [], lost: 0, twice: 0, reconnects: 0 };
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const random = randomOf(seed);
  await Promise.all(Array.from({ length: count }, () => oneClient(task, agent, random, report)));
  return report;
}

async function oneClient(task: ClientsTask, agent: Agent, random: () => number, report: ClientsReport): Promise<void> {
  const { from, total, behind } = task;
  const url = new URL("/v1/events", task.url);
  let last = from;
  // Whoever started this may be gone.
  while (last < total && process.connected) {
    const until = last + Math.ceil(eventsPerConnection * (0.5 + random()));
    let previous = last === from ? from : Math.max(0, last - behind);
    let hasCaughtUp = false;
    const connectedAt = performance.timeOrigin + performance.now();
    await oneConnection(url, agent, previous, (position, sentAt) => {
      if (position > last) {
        const latencyMs = performance.timeOrigin + performance.now() - sentAt;
        report.latenciesMs.push(latencyMs);
        if (hasCaughtUp) report.liveMs.push(latencyMs);
        // Appended after it had connected: from here on it waits for events, and not they for it.
        hasCaughtUp ||= sentAt > connectedAt;
      }
      if (position <= previous) report.twice += 1;
      report.lost += Math.max(0, position - previous - 1);
      previous = Math.max(previous, position);
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
