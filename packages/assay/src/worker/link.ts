import type { WorkerRole } from "@assay/sdk";
import { type Client, Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { FaultError, fault } from "#domain";
import { preAuthEncoding, type Signer } from "#receipt";
import { FaultSchema, Role, WorkerService } from "#wire";
import { parseFault } from "./parse-fault.ts";
import { wrongAddress } from "./wrong-address.ts";

export type DaemonClient = Client<typeof WorkerService>;

export type LinkOptions = {
  /** Of the daemon, e.g. `http://127.0.0.1:8420`. */
  url: string;
  /** Of scope `workers`. */
  apiKey: string;
  name: string;
  role: WorkerRole;
  capabilities: readonly string[];
  signer: Signer;
};

export type Membership = { worker: string; heartbeatMs: number; attest: boolean };

const roles = { analyzer: Role.ANALYZER, coder: Role.CODER, tester: Role.TESTER };
/** A call that is not answered by then went down a dead connection: all of it is made anew. */
const answerMsMax = 20_000;

/** A worker's connection to the daemon: HTTP/2 in cleartext or TLS, registered, with a token that is renewed in time. */
export class Link implements Disposable {
  readonly #options: LinkOptions;
  readonly #sessions: Http2SessionManager;
  readonly #client: DaemonClient;
  #bearer: string;
  #registering: Promise<Membership> | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshAt = 0;
  #hasJoined = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#bearer = options.apiKey;
    this.#sessions = new Http2SessionManager(options.url);
    const authorise: Interceptor = (next) => (request) => {
      request.header.set("authorization", `Bearer ${this.#bearer}`);
      return next(request);
    };
    const transport = createConnectTransport({
      baseUrl: options.url,
      httpVersion: "2",
      sessionManager: this.#sessions,
      interceptors: [authorise],
    });
    this.#client = createClient(WorkerService, transport);
  }

  /** Registers where that was not done, or was forgotten. Rejects with a `FaultError`. */
  async join(): Promise<Membership> {
    this.#registering ??= this.#register().catch((error: unknown) => {
      this.#registering = undefined;
      throw error;
    });
    return this.#registering;
  }

  /** Calls the daemon as a worker. Rejects with a `FaultError`: the daemon's, or `daemon-unreachable`. */
  async call<T>(what: (client: DaemonClient, options: { timeoutMs: number }) => Promise<T>): Promise<T> {
    await this.join();
    await this.#renew();
    const bearer = this.#bearer;
    try {
      return await what(this.#client, { timeoutMs: answerMsMax });
    } catch (error) {
      if (ConnectError.from(error).code === Code.DeadlineExceeded) this.#sessions.abort();
      throw this.#failed(error, bearer);
    }
  }

  /** As `call`, for streams. */
  async *stream<T>(what: (client: DaemonClient) => AsyncIterable<T>): AsyncGenerator<T> {
    await this.join();
    await this.#renew();
    const bearer = this.#bearer;
    try {
      yield* what(this.#client);
    } catch (error) {
      throw this.#failed(error, bearer);
    }
  }

  [Symbol.dispose](): void {
    this.#sessions.abort();
  }

  async #register(): Promise<Membership> {
    const { url, apiKey, name, role, capabilities, signer } = this.#options;
    this.#bearer = apiKey;
    try {
      const request = { name, role: roles[role], capabilities: [...capabilities], ...(await this.#prove()) };
      const joined = await this.#client.register(
        { ...request, publicKey: signer.publicKeyPem },
        { timeoutMs: answerMsMax },
      );
      this.#hold(joined);
      this.#hasJoined = true;
      return { worker: joined.worker, heartbeatMs: joined.heartbeatMs, attest: joined.attest };
    } catch (error) {
      const failed = asFault(error);
      const wrong =
        this.#hasJoined || failed.fault.code !== "daemon-unreachable"
          ? undefined
          : wrongAddress(ConnectError.from(error), url);
      throw wrong === undefined ? failed : new FaultError(wrong, { cause: error });
    }
  }

  /** Shows that this worker has its key, once. */
  async #prove(): Promise<{ nonce: string; proof: Uint8Array<ArrayBuffer> }> {
    const { nonce } = await this.#client.challenge({}, { timeoutMs: answerMsMax });
    const encoded = preAuthEncoding("application/vnd.assay.worker-nonce", Buffer.from(nonce));
    return { nonce, proof: Uint8Array.from(this.#options.signer.sign(encoded)) };
  }

  async #renew(): Promise<void> {
    if (performance.now() < this.#refreshAt) return;
    const bearer = this.#bearer;
    this.#refreshing ??= this.#prove()
      .then((proof) => this.#client.refresh(proof, { timeoutMs: answerMsMax }))
      .then((renewed) => this.#hold(renewed))
      .catch((error: unknown) => {
        throw this.#failed(error, bearer);
      })
      .finally(() => {
        this.#refreshing = undefined;
      });
    await this.#refreshing;
  }

  #hold({ token, tokenTtlMs }: { token: string; tokenTtlMs: number }): void {
    this.#bearer = token;
    this.#refreshAt = performance.now() + tokenTtlMs / 2;
  }

  #failed(error: unknown, bearer: string): FaultError {
    const failed = asFault(error);
    if (failed.fault.code !== "unauthorized") return failed;
    // The token ended while the machine slept, or the daemon knows nobody any more. Whether the API key is good shows when it registers.
    if (bearer === this.#bearer) this.#registering = undefined;
    const message = `the daemon takes this worker's token no longer, it registers again: ${failed.fault.message}`;
    return new FaultError(fault("daemon-unreachable", message), { cause: failed });
  }
}

/** The daemon's fault, as far as it sent one. */
function asFault(error: unknown): FaultError {
  if (error instanceof FaultError) return error;
  const connectError = ConnectError.from(error);
  const [sent] = connectError.findDetails(FaultSchema);
  const known = sent === undefined ? undefined : parseFault(sent);
  if (known !== undefined) return new FaultError(known, { cause: error });
  const isRefusal = connectError.code === Code.Unauthenticated || connectError.code === Code.PermissionDenied;
  const message = `the daemon cannot be reached: ${connectError.rawMessage.slice(0, 300)}`;
  return new FaultError(fault(isRefusal ? "unauthorized" : "daemon-unreachable", message), { cause: error });
}
