const mebibyte = 1024 * 1024;

/** What a project may be at most to be copied; more is the fault `not-a-project` with advice. */
export const projectBounds = {
  filesMax: 200_000,
  /** Of one file; a larger one is left out, with the reason. */
  fileBytesMax: 64 * mebibyte,
  totalBytesMax: 4096 * mebibyte,
  /** Recorded one by one; beyond it only their number. */
  excludedMax: 10_000,
  directoryDepthMax: 100,
} as const;

/** Files read or written at the same time. */
export const copiesAtOnce = 16;

/** One git command on an untrusted repository. */
export const gitBounds = { wallMsMax: 60_000, outputBytesMax: 256 * mebibyte } as const;
