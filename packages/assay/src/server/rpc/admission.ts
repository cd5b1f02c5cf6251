import { raise } from "#domain";
import type { RegisteredWorker, Registration } from "#ports";
import type { Caller } from "../caller.ts";
import { Nonces } from "./nonces.ts";
import { isSignedBy } from "./signed-by.ts";
import type { TenantWork } from "./tenant-work.ts";
import { type WorkerIdentity, WorkerTokens } from "./worker-tokens.ts";

export type AdmissionOptions = {
  /** By tenant; may grow while it is in use. */
  tenants: ReadonlyMap<string, TenantWork>;
  /** Whose API key that is; `undefined` for nobody's, an expired or a revoked one. */
  authenticate: (key: string) => Promise<Caller | undefined>;
  /** Whether the API key that a worker registered with still lets workers in: asked when a token is refreshed. */
  keyStands: (tenant: string, keyId: string) => Promise<boolean>;
  /** Signs tokens; at least 32 bytes, the daemon's own. */
  secret: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  now?: () => number;
};

export type RegistrationRequest = Registration & { nonce: string; proof: Uint8Array };

/** A call's worker, as the desk has made sure of. */
export type AdmittedWorker = { worker: RegisteredWorker; work: TenantWork; identity: WorkerIdentity };

/** The DSSE type of the nonce that a worker signs to show that a key is its own. */
export const workerNonceType = "application/vnd.assay.worker-nonce";

/** Who may speak as a worker. Throws `unauthorized`, `forbidden`, `worker-revoked`. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #tokens: WorkerTokens;
  readonly #nonces: Nonces;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#tokens = new WorkerTokens(options.secret, options.now);
    this.#nonces = new Nonces(options.now);
  }

  async challenge(apiKey: string): Promise<string> {
    await this.#caller(apiKey);
    return this.#nonces.issue();
  }

  /** Throws `key-invalid` too. A revoked worker is refused, however often it registers. */
  async register(apiKey: string, request: RegistrationRequest): Promise<AdmittedWorker & { token: string }> {
    const caller = await this.#caller(apiKey);
    const { nonce, proof, ...registration } = request;
    this.#nonces.use(nonce);
    if (!isSignedBy(registration.publicKey, workerNonceType, Buffer.from(nonce), proof)) {
      raise(
        "unauthorized",
        "the nonce is not signed by the key it came with",
        "sign it as docs/guides/workers.md says",
      );
    }
    const work = this.#work(caller.tenant);
    const worker = refuseRevoked(await work.registry.register(registration));
    const identity = { tenant: caller.tenant, worker: worker.id, keyId: caller.keyId };
    return { worker, work, identity, token: await this.#tokens.issue(identity) };
  }

  async refresh(token: string): Promise<string> {
    const { identity } = await this.admit(token);
    if (!(await this.#options.keyStands(identity.tenant, identity.keyId))) {
      raise("unauthorized", "the API key that this worker came with is no longer good", "register with another key");
    }
    return this.#tokens.issue(identity);
  }

  /** Asks the registry each time: a revoked worker's token is void at once. */
  async admit(token: string): Promise<AdmittedWorker> {
    const identity = await this.#tokens.verify(token);
    const work = this.#work(identity.tenant);
    const worker = await work.registry.get(identity.worker);
    if (worker === undefined) return raise("unauthorized", "this worker is not known here", "register again");
    return { worker: refuseRevoked(worker), work, identity };
  }

  async #caller(apiKey: string): Promise<Caller> {
    const caller = apiKey === "" ? undefined : await this.#options.authenticate(apiKey);
    if (caller === undefined) {
      return raise("unauthorized", "a worker registers with an API key", "send it as Authorization: Bearer KEY");
    }
    if (caller.scopes.has("workers")) return caller;
    return raise("forbidden", "this API key does not let workers in", "use one of scope workers");
  }

  #work(tenant: string): TenantWork {
    return this.#options.tenants.get(tenant) ?? raise("forbidden", "no workers are served for this tenant");
  }
}

function refuseRevoked(worker: RegisteredWorker): RegisteredWorker {
  if (worker.revoked === undefined) return worker;
  return raise(
    "worker-revoked",
    `this worker was revoked: ${worker.revoked.because}`,
    "ask whoever runs the daemon; a new key is a new worker, without this one's grants",
  );
}
