import { EventEmitter, once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Exchange, type RecordedRequest } from "./exchange.ts";
import { fitToWindow } from "./fit-to-window.ts";
import { performReply } from "./perform-reply.ts";
import type { Call, Protocol } from "./protocol.ts";
import { parseJson, readBody } from "./read-body.ts";
import { redactHeaders, redactPath } from "./redact.ts";
import { type Flavour, routeOf } from "./routes.ts";
import { type ModelServerOptions, type ServedModel, servedModels } from "./served-models.ts";
import type { Problem, Violation } from "./violation.ts";
import { keyProblems, wireProblems } from "./wire-problems.ts";

/** What was asked of the models, in tokens of the fakes. */
export type Charge = { requests: number; inputTokens: number; outputTokens: number };

/** Takes requests, finds what is wrong with them, has the models answer. */
export class Desk {
  readonly requests: RecordedRequest[] = [];
  readonly violations: Violation[] = [];
  readonly #models: ReadonlyMap<string, ServedModel>;
  readonly #keys: readonly string[] | undefined;
  readonly #flavour: Flavour;
  readonly #arrivals = new EventEmitter();

  constructor(options: ModelServerOptions) {
    this.#models = new Map(servedModels(options).map((model) => [model.id, model]));
    this.#keys = options.keys;
    this.#flavour = options.flavour ?? "hosted";
  }

  charged(model?: string): Charge {
    const counted = this.requests.filter((one) => model === undefined || one.model === model);
    return {
      requests: counted.length,
      inputTokens: counted.reduce((sum, one) => sum + one.inputTokens, 0),
      outputTokens: counted.reduce((sum, one) => sum + one.outputTokens, 0),
    };
  }

  async arrived(count: number): Promise<void> {
    while (this.requests.length < count) await once(this.#arrivals, "arrival");
  }

  /** What is still open now ends by the server. */
  close(): void {
    for (const record of this.requests) if (record.end === "open") record.end = "cut-by-server";
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", headers } = request;
    const path = redactPath(request.url ?? "/");
    const about = { number: this.requests.length + 1, method, path, headers: redactHeaders(headers) };
    const exchange = new Exchange(response, about);
    this.requests.push(exchange.record);
    this.#arrivals.emit("arrival");
    try {
      await this.#answer(request, exchange);
    } catch (error) {
      // Nobody awaits a request, so what goes wrong here becomes a violation, which fails the test.
      this.#violate(exchange, { rule: "script", message: String(error) });
      exchange.cut();
    }
  }

  async #answer(request: IncomingMessage, exchange: Exchange): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const route = routeOf(request.method ?? "", url, request.headers, this.#flavour);
    const { protocol } = route;
    exchange.record.protocol = protocol.name;
    const text = await readBody(request);
    // A client that goes while it is sending breaks no rule.
    if (text === undefined) return;
    const body = parseJson(text);
    exchange.record.body = body;
    if (route.kind === "unknown" && request.method === "GET") {
      return exchange.json(404, protocol.fail({ status: 404, message: "There is nothing here." }));
    }
    const unsound = wireProblems(route, request, text, body);
    const problems =
      route.kind === "unknown"
        ? unsound
        : [...keyProblems(protocol, request, url.searchParams, this.#keys), ...unsound];
    if (problems.length > 0) return this.#refuse(exchange, protocol, problems);
    if (route.kind === "inform") {
      const { status, body: told } = route.inform([...this.#models.values()], body);
      return exchange.json(status, told);
    }
    if (route.kind !== "ask") return;
    const reading = protocol.read({ ...route, headers: request.headers, body });
    if (reading.kind === "problems") return this.#refuse(exchange, protocol, reading.problems);
    await this.#ask(exchange, protocol, reading.call);
  }

  async #ask(exchange: Exchange, protocol: Protocol, call: Call): Promise<void> {
    exchange.record.model = call.model;
    const model = this.#models.get(call.model);
    if (model === undefined) {
      const message = `The model '${call.model}' does not exist or you do not have access to it.`;
      return this.#refuse(exchange, protocol, [{ rule: "model-unknown", message }]);
    }
    const fitted = fitToWindow(call, model, protocol);
    if (fitted.kind === "too-long") return exchange.json(fitted.failure.status, protocol.fail(fitted.failure));
    const n = model.calls;
    model.calls += 1;
    if (fitted.windowTokens !== undefined) model.loadedTokens = fitted.windowTokens;
    await performReply({ exchange, protocol, call, shown: fitted.shown }, model.script(fitted.shown, n));
  }

  #violate(exchange: Exchange, problem: Problem): void {
    this.violations.push({ ...problem, request: exchange.record.number, path: exchange.record.path });
  }

  /** Answers the first problem; all of them are violations. */
  async #refuse(exchange: Exchange, protocol: Protocol, problems: readonly Problem[]): Promise<void> {
    for (const problem of problems) this.#violate(exchange, problem);
    const [first] = problems;
    if (first === undefined) return;
    const { status, body } = protocol.refuse(first);
    await exchange.json(status, body);
  }
}
