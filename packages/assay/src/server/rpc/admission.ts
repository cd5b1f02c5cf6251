import { raise } from "#domain";
import type { RegisteredWorker, Registration } from "#ports";
import type { Caller } from "../caller.ts";
import { Nonces } from "./nonces.ts";
import { isSignedBy } from "./signed-by.ts";
import type { TenantWork } from "./tenant-work.ts";
import { isToken, type WorkerIdentity, WorkerTokens } from "./worker-tokens.ts";

export type AdmissionOptions = {
  /** By tenant; may grow while it is in use. */
  tenants: ReadonlyMap<string, TenantWork>;
  /** Has a tenant that is not among them yet be there, if it may. Absent: those that are there are all. */
  openTenant?: (tenant: string) => Promise<unknown>;
  /** Whose API key that is; `undefined` for nobody's, an expired or a revoked one. */
  authenticate: (key: string) => Promise<Caller | undefined>;
  /** Whether the API key that a worker came with is neither revoked nor expired: asked with each call, and while streams are open. */
  keyStands: (tenant: string, keyId: string) => Promise<boolean>;
  /** Signs tokens; at least 32 bytes, the daemon's own. */
  secret: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  now?: () => number;
};

/** Shows that a key is one's own: the nonce, signed. */
export type ProofOfKey = { nonce: string; proof: Uint8Array };

export type RegistrationRequest = Registration & ProofOfKey;

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

  /** Whose API key that is, if it lets workers in. */
  async caller(apiKey: string): Promise<Caller> {
    if (apiKey === "") {
      raise("unauthorized", "a worker registers with an API key", "send it as Authorization: Bearer KEY");
    }
    const caller = await this.#options.authenticate(apiKey);
    if (caller === undefined) {
      return raise(
        "unauthorized",
        "this is not a key of this daemon: it is mistyped, has expired or was revoked, or is another daemon's",
        "use an API key of scope workers of this daemon",
      );
    }
    if (caller.scopes.has("workers")) return caller;
    return raise("forbidden", "this API key does not let workers in", "use one of scope workers");
  }

  /** Whoever may ask for a nonce: by an API key, or by a worker's token, which stands for the key that it was got with. */
  async visitor(bearer: string): Promise<Pick<Caller, "tenant" | "keyId">> {
    // Somebody's own API key may be written like a token.
    const isWorker = isToken(bearer) && (await this.#options.authenticate(bearer)) === undefined;
    return isWorker ? (await this.admit(bearer)).identity : this.caller(bearer);
  }

  challenge(): string {
    return this.#nonces.issue();
  }

  /** Throws `key-invalid` too. A revoked worker is refused, however often it registers. */
  async register(caller: Caller, request: RegistrationRequest): Promise<AdmittedWorker & { token: string }> {
    const { nonce, proof, ...registration } = request;
    this.#prove(registration.publicKey, { nonce, proof });
    const work = await this.#work(caller.tenant);
    const worker = refuseRevoked(await work.registry.register(registration));
    const identity = { tenant: caller.tenant, worker: worker.id, keyId: caller.keyId };
    return { worker, work, identity, token: await this.#tokens.issue(identity) };
  }

  /** Another token for who has the worker's key: a token that was stolen renews nothing. */
  async refresh({ worker, identity }: AdmittedWorker, proof: ProofOfKey): Promise<string> {
    this.#prove(worker.publicKey, proof);
    return this.#tokens.issue(identity);
  }

  /** Asks the registry and the API keys each time: the token of a worker or a key that was revoked is void at once. */
  async admit(token: string): Promise<AdmittedWorker> {
    const identity = await this.#tokens.verify(token);
    if (!(await this.#options.keyStands(identity.tenant, identity.keyId))) refuseKey();
    const work = await this.#work(identity.tenant);
    const worker = await work.registry.get(identity.worker);
    if (worker === undefined) return raise("unauthorized", "this worker is not known here", "register again");
    return { worker: refuseRevoked(worker), work, identity };
  }

  #prove(publicKey: string, { nonce, proof }: ProofOfKey): void {
    this.#nonces.use(nonce);
    if (isSignedBy(publicKey, workerNonceType, Buffer.from(nonce), proof)) return;
    raise("unauthorized", "the nonce is not signed by the worker's key", "sign it as docs/guides/workers.md says");
  }

  async #work(tenant: string): Promise<TenantWork> {
    const { tenants, openTenant } = this.#options;
    if (!tenants.has(tenant)) await openTenant?.(tenant);
    return tenants.get(tenant) ?? raise("forbidden", "no workers are served for this tenant");
  }
}

/** Throws `unauthorized`. */
export function refuseKey(): never {
  raise("unauthorized", "the API key that this worker came with is no longer good", "register with another key");
}

function refuseRevoked(worker: RegisteredWorker): RegisteredWorker {
  if (worker.revoked === undefined) return worker;
  return raise(
    "worker-revoked",
    `this worker was revoked: ${worker.revoked.because}`,
    "ask whoever runs the daemon; a new key is a new worker, without this one's grants",
  );
}
