import { gunzipSync } from "node:zlib";
import type { z } from "zod";
import { raise } from "#domain";

/** Unpacked; the largest public sets of this kind are a tenth of it. */
const textBytesMax = 256 * 1024 * 1024;

/**
 * Reads JSON Lines, gzipped or plain, each by a schema. Empty lines are left out.
 * Throws a `FaultError` of code `usage` that names the line. `check` sees each line before the schema does, and may throw.
 */
export function readLines<T>(
  bytes: Uint8Array,
  schema: z.ZodType<T>,
  source: string,
  check?: (row: unknown, place: string) => void,
): { line: number; value: T }[] {
  const read: { line: number; value: T }[] = [];
  for (const [index, text] of decode(unpack(bytes, source), source).split("\n").entries()) {
    if (text.trim() === "") continue;
    const line = index + 1;
    const row = parseJson(text, `${source} line ${line}`);
    check?.(row, `${source} line ${line}`);
    const parsed = schema.safeParse(row);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue?.path.length ? ` at ${issue.path.join(".")}` : "";
      raise(
        "usage",
        `${source} line ${line}${where}: ${issue?.message ?? "not of this form"}`,
        "give a file of this form",
      );
    }
    read.push({ line, value: parsed.data });
  }
  return read;
}

function unpack(bytes: Uint8Array, source: string): Uint8Array {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip && source.endsWith(".gz"))
    raise("usage", `${source} is not gzip data`, "give the file as it was published");
  if (!isGzip) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: textBytesMax });
  } catch (error) {
    return raise(
      "usage",
      `${source} cannot be unpacked: ${(error as Error).message}`,
      "give the file as it was published",
    );
  }
}

function decode(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return raise("usage", `${source} is not UTF-8 text`, "give JSON Lines, plain or gzipped");
  }
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return raise("usage", `${place} is not JSON: ${(error as Error).message}`, "give one JSON object a line");
  }
}
