import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { FaultError, raise } from "#domain";

/** Packed or plain. */
const dataBytesMax = 64 * 1024 * 1024;
const fetchMsMax = 120_000;

/**
 * A data file's bytes: of a path, or of a URL by way of a cache. A URL needs its checksum, which is verified every time.
 * Throws a `FaultError` of code `usage`, or `interrupted`.
 */
export async function fetchData(source: string, sha256?: string, signal?: AbortSignal): Promise<Uint8Array> {
  const wanted = sha256?.toLowerCase();
  if (wanted !== undefined && !/^[0-9a-f]{64}$/.test(wanted)) {
    raise("usage", `${sha256} is not a SHA-256 checksum`, "give its 64 hexadecimal digits");
  }
  if (!/^https?:\/\//i.test(source)) return verified(await readBounded(source), wanted, source);
  if (wanted === undefined) return raise("usage", "data from a URL needs its checksum", "give --sha256 HEX");
  return await throughCache(source, wanted, signal);
}

async function throughCache(url: string, sha256: string, signal?: AbortSignal): Promise<Uint8Array> {
  const folder = join(cacheHome(), "assay", "datasets");
  const path = join(folder, sha256);
  const cached = await readFile(path).catch(() => undefined);
  if (cached !== undefined && sum(cached) === sha256) return cached;
  const bytes = verified(await download(url, signal), sha256, url);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  try {
    await using file = await open(temporary, "wx", 0o644);
    await file.writeFile(bytes);
    await file.sync();
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return bytes;
}

async function download(url: string, signal?: AbortSignal): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(fetchMsMax);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const response = await fetch(url, { signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
    if (!response.ok) raise("usage", `${url} answers ${response.status} ${response.statusText}`, "check the address");
    for await (const part of response.body ?? []) {
      size += part.length;
      if (size > dataBytesMax) raise("usage", `${url} has more than ${dataBytesMax} bytes`, "give a smaller file");
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof FaultError) throw error;
    if (signal?.aborted) return raise("interrupted", `interrupted while ${url} was fetched`, "start it again");
    const { message, cause } = error as Error;
    raise(
      "usage",
      `${url} cannot be fetched: ${cause instanceof Error ? cause.message : message}`,
      "give a file's path",
    );
  }
  return Buffer.concat(parts);
}

async function readBounded(path: string): Promise<Uint8Array> {
  const unreadable = (error: Error): never =>
    raise("usage", `${path} cannot be read: ${error.message}`, "give the path of a file, or a URL and --sha256");
  await using file = await open(path).catch(unreadable);
  const { size } = await file.stat();
  if (size > dataBytesMax) raise("usage", `${path} has more than ${dataBytesMax} bytes`, "give a smaller file");
  return await file.readFile().catch(unreadable);
}

function verified(bytes: Uint8Array, sha256: string | undefined, source: string): Uint8Array {
  if (sha256 === undefined || sum(bytes) === sha256) return bytes;
  return raise("usage", `${source} has the checksum ${sum(bytes)}, not ${sha256}`, "check where it came from");
}

function sum(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function cacheHome(): string {
  const home = process.env.XDG_CACHE_HOME;
  return home?.startsWith("/") ? home : join(homedir(), ".cache");
}
