type Branches = readonly (() => Promise<unknown>)[];
type Results<B extends Branches> = { -readonly [K in keyof B]: Awaited<ReturnType<B[K]>> };

/** Runs every branch, at most `concurrency` at a time, and waits for all; then throws the first failure by order, if any. */
export async function runAll<const B extends Branches>(branches: B, concurrency = 4): Promise<Results<B>> {
  if (!(concurrency >= 1)) throw new RangeError(`concurrency ${concurrency} is below 1`);
  const outcomes: PromiseSettledResult<unknown>[] = [];
  const queue = branches.entries();
  const work = async () => {
    for (const [index, branch] of queue) {
      const [outcome] = await Promise.allSettled([(async () => branch())()]);
      outcomes[index] = outcome;
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, branches.length) }, work));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value) as Results<B>;
}
