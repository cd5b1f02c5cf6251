import { z } from "zod";
import { digestOf } from "#ports";

/** What decides whether two requests are the same: the protocol, the model, what it is shown, and whether it streams. */
export type AskedOf = {
  method: string;
  path: string;
  protocol: string;
  stream: boolean;
  model: string;
  shown: unknown;
};

/** The digest of what was asked. */
export function digestOfAsked(asked: AskedOf): string {
  const { method, path, protocol, stream, model, shown } = asked;
  return digestOf(JSON.stringify([method, path, protocol, stream, model, shown]));
}

const askedSchema = z.strictObject({
  method: z.string(),
  path: z.string(),
  protocol: z.string(),
  stream: z.boolean(),
  model: z.string(),
  shown: z.unknown(),
});

const entrySchema = z
  .strictObject({
    digest: z.string(),
    asked: askedSchema,
    status: z.number().int().min(200).max(599),
    headers: z.record(z.string(), z.string()),
    chunks: z.array(z.string()),
    /** `cut`: the connection broke before the response had ended. */
    end: z.enum(["complete", "cut"]),
  })
  .refine((entry) => digestOfAsked(entry.asked) === entry.digest, "the digest is not that of what was asked");

/** One request and its response, without secrets. */
export type Entry = z.infer<typeof entrySchema>;

const cassetteBytesMax = 64 * 1024 * 1024;

/** Throws where a cassette is longer than it may be. */
export function assertBounded(bytes: number, file: string): void {
  if (bytes > cassetteBytesMax)
    throw new Error(`${file}: a cassette has at most ${cassetteBytesMax} bytes, not ${bytes}`);
}

/** Reads a cassette: JSON Lines, an entry each. Throws where a line is none, naming it. */
export function parseEntries(text: string, file: string): Entry[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line, index) => {
    const parsed = entrySchema.safeParse(parseLine(line));
    if (parsed.success) return parsed.data;
    throw new Error(`${file}:${index + 1} is no entry of a cassette: ${z.prettifyError(parsed.error)}`);
  });
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The schema says that it is no entry, with the line's number.
    return undefined;
  }
}

export function renderEntries(entries: readonly Entry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}
