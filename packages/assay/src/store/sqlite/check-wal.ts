import { readFile, stat } from "node:fs/promises";
import type { JournalCheck } from "./check-database.ts";

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const headerBytes = 32;
const frameHeaderBytes = 24;
const magics: readonly number[] = [0x377f0682, 0x377f0683];

/** What is read into memory to be looked at. A checkpoint keeps the log at some MB; above this it is not looked at. */
const walBytesMax = 256 * 1024 * 1024;

type WalState =
  | { kind: "empty" }
  | { kind: "unlooked"; because: string }
  | { kind: "headless" }
  /** Frames of `frames` that belong to whole commits; what follows them cannot be read. */
  | { kind: "frames"; committed: number; frames: number };

/**
 * Looks at the write-ahead log beside a database. SQLite itself skips silently what it cannot read there: what was committed behind a damaged
 * place is gone without a word. So this says that something stands there; a writer that was killed before its commit leaves the same.
 */
export async function checkWal(database: string, fixRemedy: string): Promise<JournalCheck[]> {
  const path = `${database}-wal`;
  const size = await sizeOf(path);
  if (size === undefined) {
    const orphaned = (await sizeOf(`${database}-shm`)) !== undefined;
    if (!orphaned) return [];
    const detail = `${path} is missing, and its index ${database}-shm is there: SQLite removes both or none, so what was only in the log is gone`;
    return [{ check: "log", status: "damaged", detail, remedy: fixRemedy }];
  }
  return [describe(await lookAt(path, size), path, fixRemedy)];
}

async function lookAt(path: string, bytes: number): Promise<WalState> {
  if (bytes > walBytesMax) return { kind: "unlooked", because: `it has ${bytes} bytes, more than are looked at` };
  return readFile(path).then(stateOf, (error: Error) => ({ kind: "unlooked", because: error.message }));
}

function describe(state: WalState, path: string, remedy: string): JournalCheck {
  switch (state.kind) {
    case "empty":
      return { check: "log", status: "ok", detail: `${path} is empty` };
    case "unlooked":
      return { check: "log", status: "limited", detail: `${path} was not looked at: ${state.because}` };
    case "headless":
      return { check: "log", status: "damaged", detail: `${path} cannot be read: its header is damaged`, remedy };
    case "frames": {
      const { committed, frames } = state;
      if (committed === frames)
        return { check: "log", status: "ok", detail: `${committed} pages in ${path}, all whole` };
      const detail = `the last ${frames - committed} of ${frames} pages in ${path} belong to no whole commit: a writer was killed before it acknowledged them, or the file was damaged or cut off`;
      return {
        check: "log",
        status: "limited",
        detail,
        remedy: "compare the last events with what you know: assay runs",
      };
    }
  }
}

function stateOf(wal: Buffer): WalState {
  if (wal.length === 0) return { kind: "empty" };
  const magic = wal.length < headerBytes ? 0 : wal.readUInt32BE(0);
  const littleEndian = (magic & 1) === 0;
  const sum = magics.includes(magic) ? checksum(wal.subarray(0, 24), [0, 0], littleEndian) : undefined;
  // A header alone may have been cut off while it was written: nothing stands behind it.
  if (sum?.[0] !== wal.readUInt32BE(24) || sum[1] !== wal.readUInt32BE(28)) {
    return wal.length > headerBytes ? { kind: "headless" } : { kind: "empty" };
  }
  return framesOf(wal, sum, littleEndian);
}

type Sum = readonly [number, number];

/** Frames of this log are those with the header's salt; what was left by an earlier use of the file has another. */
function framesOf(wal: Buffer, start: Sum, littleEndian: boolean): WalState {
  const frameBytes = frameHeaderBytes + wal.readUInt32BE(8);
  const salt = wal.subarray(16, 24);
  let sum: Sum | undefined = start;
  let committed = 0;
  let frames = 0;
  for (let at = headerBytes; at < wal.length; at += frameBytes) {
    const frame = wal.subarray(at, at + frameBytes);
    if (frame.length >= 16 && !frame.subarray(8, 16).equals(salt)) break;
    frames++;
    if (sum === undefined || frame.length < frameBytes) {
      sum = undefined;
      continue;
    }
    const next: Sum = checksum(
      frame.subarray(frameHeaderBytes),
      checksum(frame.subarray(0, 8), sum, littleEndian),
      littleEndian,
    );
    sum = next[0] === frame.readUInt32BE(16) && next[1] === frame.readUInt32BE(20) ? next : undefined;
    // The frame that ends a commit says how many pages the database then has.
    if (sum !== undefined && frame.readUInt32BE(4) > 0) committed = frames;
  }
  return { kind: "frames", committed, frames };
}

/** https://www.sqlite.org/fileformat2.html#checksum_algorithm */
function checksum(bytes: Buffer, [first, second]: Sum, littleEndian: boolean): Sum {
  let [a, b] = [first, second];
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + (littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) + b) >>> 0;
    b = (b + (littleEndian ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)) + a) >>> 0;
  }
  return [a, b];
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
