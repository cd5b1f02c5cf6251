// Runs inside the sandbox, in the screen: processes that are started and wait for their test file. The name patterns are part
// of a process's command line, so there is a small stock for each set of patterns that was asked for lately.
import { fileURLToPath } from "node:url";
import { startTestProcess } from "./test-process.mjs";

const spareEntry = fileURLToPath(new URL("./spare.mjs", import.meta.url));
const sparesPerKey = 2;
const keysMax = 3;

export class SparePool {
  #job;
  /** Least recently used first. */
  #stocks = new Map();

  constructor(job) {
    this.#job = job;
  }

  /** A waiting process, started now if there is none. */
  take(patterns) {
    return this.#stock(patterns).shift() ?? this.#start(patterns);
  }

  /** Starts what is missing for the next candidate. */
  prepare(patterns) {
    const stock = this.#stock(patterns);
    while (stock.length < sparesPerKey) stock.push(this.#start(patterns));
  }

  #stock(patterns) {
    const key = JSON.stringify(patterns);
    const stock = this.#stocks.get(key) ?? [];
    this.#stocks.delete(key);
    this.#stocks.set(key, stock);
    for (const [oldest, spares] of this.#stocks) {
      if (this.#stocks.size <= keysMax) break;
      for (const { child } of spares) child.kill("SIGKILL");
      this.#stocks.delete(oldest);
    }
    return stock;
  }

  #start(patterns) {
    const started = startTestProcess({ ...this.#job, coverage: false, sources: [] }, patterns, spareEntry, [
      "ignore",
      "ignore",
    ]);
    started.child.on("error", () => {});
    started.child.on("exit", () => {
      // One that died while it waited is no spare any more.
      for (const stock of this.#stocks.values()) if (stock.includes(started)) stock.splice(stock.indexOf(started), 1);
    });
    return started;
  }
}
