// Runs inside the sandbox, in the screen's vitest: its worker processes are started ahead. Each still runs one test file of one
// candidate and is then killed, so that no candidate meets what another left in a process.
import { fork } from "node:child_process";

const sparesPerKind = 1;
const kindsMax = 3;

/** Makes a class of vitest's process workers start from spares; leaves it alone where it is not the one known (vitest 4 and 5). */
export function warmWorkers(ForksPoolWorker) {
  const { start, stop } = ForksPoolWorker?.prototype ?? {};
  if (typeof start !== "function" || typeof stop !== "function" || !start.toString().includes("this._fork ||=")) return;
  const spares = new Spares();
  ForksPoolWorker.prototype.start = async function () {
    if (typeof this.entrypoint === "string" && Array.isArray(this.execArgv)) this._fork ??= spares.take(this);
    return await start.call(this);
  };
  // It has said what it had to say: an orderly end only costs time.
  ForksPoolWorker.prototype.stop = async function () {
    this._fork?.kill("SIGKILL");
    return await stop.call(this);
  };
}

class Spares {
  /** By what they were started with; least recently used first. */
  #stocks = new Map();

  take(worker) {
    const { entrypoint, execArgv, env } = worker;
    const key = JSON.stringify([entrypoint, execArgv, env]);
    const stock = this.#stocks.get(key) ?? [];
    this.#stocks.delete(key);
    this.#stocks.set(key, stock);
    for (const [oldest, waiting] of this.#stocks) {
      if (this.#stocks.size <= kindsMax) break;
      this.#stocks.delete(oldest);
      for (const each of waiting.splice(0)) each.kill("SIGKILL");
    }
    const taken = stock.shift() ?? startWorker(entrypoint, execArgv, env);
    while (stock.length < sparesPerKind) stock.push(this.#spare(stock, startWorker(entrypoint, execArgv, env)));
    return taken;
  }

  #spare(stock, child) {
    // One that dies while it waits is no spare any more.
    const forget = () => {
      if (stock.includes(child)) stock.splice(stock.indexOf(child), 1);
    };
    child.once("exit", forget).once("error", forget);
    return child;
  }
}

/** As vitest itself does. */
function startWorker(entrypoint, execArgv, env) {
  return fork(entrypoint, [], { env, execArgv, stdio: "pipe", serialization: "advanced" });
}
