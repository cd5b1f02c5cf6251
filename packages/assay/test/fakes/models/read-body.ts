import type { IncomingMessage } from "node:http";

const requestBytesMax = 64 * 1024 * 1024;

/** The whole body as text; `undefined` when the client breaks off. Throws when there are more than `requestBytesMax` bytes of it. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      const part = Buffer.from(chunk as Uint8Array);
      bytes += part.length;
      if (bytes > requestBytesMax) throw new Error(`the body has more than ${requestBytesMax} bytes`);
      chunks.push(part);
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ECONNRESET") return undefined;
    throw error;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** JSON, or `undefined` where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says so in its own words.
    return undefined;
  }
}
