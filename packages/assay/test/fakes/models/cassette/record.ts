import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Loopback, loopback } from "../loopback.ts";
import { parseJson, readBody } from "../read-body.ts";
import { redactText, secretsOf } from "../redact.ts";
import { askedOf } from "./asked-of.ts";
import { assertBounded, digestOfAsked, type Entry, renderEntries } from "./entry.ts";

/** Response headers that clients act on. */
const keptHeaders = new Set(["content-type", "retry-after", "retry-after-ms", "x-should-retry"]);

/** Request headers that belong to one connection, or that would change how the answer is written. */
const droppedHeaders = new Set([
  "host",
  "connection",
  "content-length",
  "accept-encoding",
  "transfer-encoding",
  "keep-alive",
]);

/**
 * A proxy on loopback that passes requests on to `upstream` and writes the conversation to `file` when it is disposed of: in the
 * order in which the requests arrived, without keys.
 */
export async function recordCassette(upstream: string, file: string): Promise<Loopback> {
  const entries: (Entry | undefined)[] = [];
  const failures: unknown[] = [];
  const pending = new Set<Promise<void>>();
  const record = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const index = entries.push(undefined) - 1;
    try {
      entries[index] = await pass(upstream, request, response);
    } catch (error) {
      failures.push(error);
      response.destroy();
    }
  };
  const server = await loopback((request, response) => void pending.add(record(request, response)));
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Promise.all(pending);
      if (failures.length > 0) throw new AggregateError(failures, "the conversation could not be recorded");
      const text = renderEntries(entries.filter((entry) => entry !== undefined));
      assertBounded(Buffer.byteLength(text), file);
      await writeFile(file, text);
    },
  };
}

async function pass(upstream: string, request: IncomingMessage, response: ServerResponse): Promise<Entry> {
  const { method = "GET", url = "/" } = request;
  const secrets = secretsOf(request.headers, new URL(url, "http://127.0.0.1").searchParams);
  const text = await readBody(request);
  if (text === undefined) throw new Error("the client broke off while it was asking");
  const { asked } = askedOf(request, parseJson(text), secrets);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const headers = Object.entries(request.headers).filter(([name]) => !droppedHeaders.has(name));
  const answer = await fetch(`${upstream}${url}`, {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
    ...(text === "" ? {} : { body: text }),
    signal: gone.signal,
  });
  const kept = Object.fromEntries([...answer.headers].filter(([name]) => keptHeaders.has(name)));
  const entry = { digest: digestOfAsked(asked), asked, status: answer.status, headers: kept };
  response.writeHead(entry.status, entry.headers);
  const { chunks, end } = await copy(answer, response, gone.signal);
  if (end === "complete") response.end();
  else response.destroy();
  return { ...entry, chunks: redactChunks(chunks, secrets), end };
}

/** Passes a body on as it comes, and keeps it. */
async function copy(
  answer: Response,
  response: ServerResponse,
  gone: AbortSignal,
): Promise<Pick<Entry, "chunks" | "end">> {
  const chunks: string[] = [];
  try {
    const decoded = answer.body?.pipeThrough(new TextDecoderStream()) ?? [];
    for await (const chunk of decoded) {
      chunks.push(chunk);
      if (!response.write(chunk)) await once(response, "drain", { signal: gone });
    }
    return { chunks, end: "complete" };
  } catch {
    // Whoever broke off, upstream or the client: what is recorded is a response that was cut.
    return { chunks, end: "cut" };
  }
}

/** A secret may lie across two chunks: then the chunks become one. */
function redactChunks(chunks: readonly string[], secrets: readonly string[]): string[] {
  const whole = chunks.join("");
  const clean = redactText(whole, secrets);
  return clean === whole ? [...chunks] : [clean];
}
