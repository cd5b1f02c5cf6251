import type { ExecutionRequest, Sandbox, SandboxSession } from "#ports";

/** Kinds of requests that have spares at a time: checks of one run mostly have the same limits. */
const kindsMax = 4;

/** Commands that were started ahead and wait for their first line. Each is taken once and never comes back. */
export class RelaySpares implements AsyncDisposable {
  readonly #sandbox: Sandbox;
  readonly #count: number;
  /** By request; least recently used first. */
  readonly #kinds = new Map<string, Promise<SandboxSession>[]>();
  readonly #ending = new Set<Promise<void>>();
  #closed = false;

  constructor(sandbox: Sandbox, count: number) {
    this.#sandbox = sandbox;
    this.#count = count;
  }

  /** One that waits, or one that is started now; whoever takes it ends it. */
  async take(request: ExecutionRequest): Promise<SandboxSession> {
    const stock = this.#stock(request);
    const taken = stock.shift() ?? this.#sandbox.open(request);
    if (!this.#closed) while (stock.length < this.#count) stock.push(this.#sandbox.open(request));
    return await taken;
  }

  #stock(request: ExecutionRequest): Promise<SandboxSession>[] {
    const key = JSON.stringify(request);
    const stock = this.#kinds.get(key) ?? [];
    this.#kinds.delete(key);
    this.#kinds.set(key, stock);
    for (const [oldest, sessions] of this.#kinds) {
      if (this.#kinds.size <= kindsMax) break;
      this.#kinds.delete(oldest);
      for (const session of sessions) this.#end(session);
    }
    return stock;
  }

  #end(session: Promise<SandboxSession>): void {
    const ending = session.then((each) => each[Symbol.asyncDispose]());
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const sessions of this.#kinds.values()) for (const session of sessions.splice(0)) this.#end(session);
    await Promise.all(this.#ending);
  }
}
