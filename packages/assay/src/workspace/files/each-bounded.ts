/** Runs `work` on every item, at most `atOnce` at the same time; rejects with the first failure after all begun work ended. */
export async function eachBounded<T>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<void>) {
  const queue = items[Symbol.iterator]();
  let failed = false;
  const worker = async () => {
    for (let next = queue.next(); !next.done && !failed; next = queue.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const result of ended) if (result.status === "rejected") throw result.reason;
}
