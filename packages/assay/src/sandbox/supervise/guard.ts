import type { Termination } from "@assay/sdk";

/** A limit that the kernel or a poll enforces while a command runs. */
export interface Guard {
  /** Called about every 200 ms; a value ends the command for that cause. */
  check(members: () => readonly number[]): Termination | undefined;
  /** Called once after the end: whether the kernel ended (part of) the command for this limit. */
  causeOfEnd(): Termination | undefined;
}
