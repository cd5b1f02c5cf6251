import { open } from "node:fs/promises";
import { raise } from "#domain";

/** What a person gives by hand is small; more is a mistake. */
const givenBytesMax = 1024 * 1024;

/** Reads a file that a person named, whole; `-` is standard input. Raises `usage` for what is no text of at most 1 MiB. */
export async function readGiven(path: string, what: string): Promise<Uint8Array> {
  const name = path === "-" ? "standard input" : path;
  await using file = await open(path === "-" ? "/dev/stdin" : path).catch((error: NodeJS.ErrnoException) =>
    raise("usage", `${what} ${name} cannot be read: ${error.code ?? error.message}`, "name a file that is there"),
  );
  if ((await file.stat()).isDirectory()) raise("usage", `${name} is a folder`, `name the file of ${what}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of file.createReadStream({ autoClose: false })) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > givenBytesMax) raise("usage", `${name} is larger than ${givenBytesMax} bytes`, "give less");
  }
  const content = Buffer.concat(chunks);
  if (content.length === 0) raise("usage", `${name} is empty`, `write ${what} into it`);
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    raise("usage", `${name} is not UTF-8 text`, `give ${what} as text`);
  }
  return content;
}
