import { type Charge, Desk } from "./desk.ts";
import type { RecordedRequest } from "./exchange.ts";
import { loopback } from "./loopback.ts";
import type { ModelServerOptions } from "./served-models.ts";
import { assertNone, type Violation } from "./violation.ts";

/**
 * A server on loopback that speaks the models' wire protocols. Scripts say what the models answer.
 * A request that breaks its protocol gets the provider's own error and is a violation, which fails the test, at the latest when
 * the server is disposed of.
 */
export type ModelServer = AsyncDisposable & {
  /** `http://127.0.0.1:PORT`; clients add `/v1`, `/v1beta` or nothing. */
  readonly url: string;
  /** All requests, in the order they arrived. */
  readonly requests: readonly RecordedRequest[];
  /** Resolves when so many requests have arrived. */
  arrived(count: number): Promise<void>;
  /** What was charged so far, in all or for a model. */
  charged(model?: string): Charge;
  /** Throws, listing them, if there were violations. */
  assertSound(): void;
  /** The violations so far, which are then forgotten: for tests that make them. */
  takeViolations(): Violation[];
};

export async function modelServer(options: ModelServerOptions): Promise<ModelServer> {
  const desk = new Desk(options);
  const server = await loopback((request, response) => void desk.serve(request, response));
  return {
    url: server.url,
    requests: desk.requests,
    arrived: (count) => desk.arrived(count),
    charged: (model) => desk.charged(model),
    assertSound: () => assertNone(desk.violations),
    takeViolations: () => desk.violations.splice(0),
    async [Symbol.asyncDispose]() {
      desk.close();
      await server[Symbol.asyncDispose]();
      assertNone(desk.violations);
    },
  };
}
