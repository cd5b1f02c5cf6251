import type { Journal } from "#ports";

/** The journal, with the time that each append took. */
export function timedJournal(journal: Journal, onAppend: (durationMs: number) => void): Journal {
  return {
    async append(request) {
      const before = performance.now();
      const result = await journal.append(request);
      onAppend(performance.now() - before);
      return result;
    },
    read: (run, after) => journal.read(run, after),
    runs: () => journal.runs(),
    tail: (after, entriesMax) => journal.tail(after, entriesMax),
    head: () => journal.head(),
    watch: (listener) => journal.watch(listener),
    remove: (run) => journal.remove(run),
    [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
  };
}
