import { readFile, stat } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { createTwoFilesPatch } from "diff";
import { Exchange, type RecordedRequest } from "../exchange.ts";
import { loopback } from "../loopback.ts";
import { parseJson, readBody } from "../read-body.ts";
import { redactHeaders, redactPath, secretsOf } from "../redact.ts";
import { askedOf } from "./asked-of.ts";
import { assertBounded, digestOfAsked, type Entry, parseEntries } from "./entry.ts";

const statusOfMismatch = 599;

/** A server that answers as the cassette says, in its order. */
export type CassettePlayer = AsyncDisposable & {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Throws if a request was not the one the cassette has next, or if entries are left. */
  assertSound(): void;
  /** What was wrong so far, which is then forgotten: for tests that make it so. Entries that are left remain so. */
  takeProblems(): string[];
};

/** Plays a cassette. Disposing of the player asserts that the whole conversation took place, and no other. */
export async function replayCassette(file: string): Promise<CassettePlayer> {
  assertBounded((await stat(file)).size, file);
  const entries = parseEntries(await readFile(file, "utf8"), file);
  const player = new Player(entries, file);
  const server = await loopback((request, response) => {
    const about = {
      number: player.requests.length + 1,
      method: request.method ?? "",
      path: redactPath(request.url ?? ""),
    };
    const exchange = new Exchange(response, { ...about, headers: redactHeaders(request.headers) });
    player.requests.push(exchange.record);
    player.play(request, exchange).catch((error: unknown) => {
      player.problems.push(String(error));
      exchange.cut();
    });
  });
  return {
    url: server.url,
    requests: player.requests,
    assertSound: () => player.assertSound(),
    takeProblems: () => player.problems.splice(0),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      player.assertSound();
    },
  };
}

class Player {
  readonly requests: RecordedRequest[] = [];
  readonly problems: string[] = [];
  readonly #entries: readonly Entry[];
  readonly #file: string;
  #next = 0;

  constructor(entries: readonly Entry[], file: string) {
    this.#entries = entries;
    this.#file = file;
  }

  assertSound(): void {
    const left = this.#entries.length - this.#next;
    const unused = left === 0 ? [] : [`${left} of its ${this.#entries.length} entries were not asked for`];
    const all = [...this.problems, ...unused];
    if (all.length > 0) throw new Error(`The conversation is not that of ${this.#file}:\n${all.join("\n")}`);
  }

  async play(request: IncomingMessage, exchange: Exchange): Promise<void> {
    const text = await readBody(request);
    if (text === undefined) throw new Error("the client broke off while it was asking");
    const body = parseJson(text);
    exchange.record.body = body;
    const secrets = secretsOf(request.headers, new URL(request.url ?? "/", "http://127.0.0.1").searchParams);
    const { asked, protocol } = askedOf(request, body, secrets);
    exchange.record.protocol = protocol.name;
    const entry = this.#entries[this.#next];
    if (entry === undefined || digestOfAsked(asked) !== entry.digest) {
      const name = `entry ${this.#next + 1} of ${this.#entries.length}`;
      const difference = createTwoFilesPatch(name, "request", pretty(entry?.asked), pretty(asked));
      const problem = entry === undefined ? "there is no further entry" : `the request is not ${name}`;
      this.problems.push(`${problem}:\n${difference}`);
      const failure = { status: statusOfMismatch, message: `cassette: ${problem}\n${difference}` };
      return exchange.json(statusOfMismatch, protocol.fail(failure));
    }
    this.#next += 1;
    exchange.head(entry.status, entry.headers);
    for (const chunk of entry.chunks) await exchange.write(chunk);
    if (entry.end === "cut") exchange.cut();
    else exchange.end();
  }
}

function pretty(asked: Entry["asked"] | undefined): string {
  return asked === undefined ? "" : `${JSON.stringify(asked, undefined, 2)}\n`;
}
