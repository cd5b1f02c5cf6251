/** A run's place among those that are executed at the same time. */
export type RunSlot = {
  /** The run does nothing of its own now: another one may be executed. */
  giveBack(): void;
  /** True: it may go on. False: the signal aborted before its turn came. */
  takeAgain(signal: AbortSignal): Promise<boolean>;
};
