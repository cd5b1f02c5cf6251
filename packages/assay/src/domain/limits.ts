/** Bounds of one sandboxed command. Every field is enforced; what enforces it is stated in `Isolation`. */
export type Limits = {
  wallMsMax: number;
  /** Summed over all processes, in seconds of CPU. */
  cpuSecondsMax: number;
  /** Summed proportional set size (or cgroup memory) of all processes. */
  memoryBytesMax: number;
  processesMax: number;
  /** Of one file. */
  fileBytesMax: number;
  /** Of all that is written to the workspace, to /tmp and to /dev/shm; `inodesMax` bounds its files where no memory limit counts them. */
  diskBytesMax: number;
  /** Of stdout and stderr each; beyond it the command is killed. */
  outputBytesMax: number;
};

const mebibyte = 1024 * 1024;

/** Kept of stdout and of stderr, half from the head and half from the tail. */
export const outputBytesKept = mebibyte;

/** A project's suite before its baseline is known; afterwards the wall clock is `suiteWallMs(baseline)`. */
export const suiteLimits: Limits = {
  wallMsMax: 10 * 60_000,
  cpuSecondsMax: 20 * 60,
  memoryBytesMax: 4096 * mebibyte,
  processesMax: 256,
  fileBytesMax: 256 * mebibyte,
  diskBytesMax: 1024 * mebibyte,
  outputBytesMax: 64 * mebibyte,
};

/** A single function candidate (design section 7). */
export const functionLimits: Limits = {
  wallMsMax: 15_000,
  cpuSecondsMax: 15,
  memoryBytesMax: 512 * mebibyte,
  processesMax: 64,
  fileBytesMax: 16 * mebibyte,
  diskBytesMax: 64 * mebibyte,
  outputBytesMax: 16 * mebibyte,
};

/**
 * Files on a disk of `diskBytes`: one for every 8 KiB. An inode takes about a KiB of the kernel's memory, which nothing counts for
 * a user without cgroups.
 */
export function inodesMax(diskBytes: number): number {
  return Math.ceil(diskBytes / (8 * 1024));
}

/** The wall clock for a suite whose baseline took `baselineMs`: k times that, at least ten seconds. */
export function suiteWallMs(baselineMs: number, k = 5): number {
  return Math.min(suiteLimits.wallMsMax, Math.max(10_000, Math.ceil(baselineMs * k)));
}
