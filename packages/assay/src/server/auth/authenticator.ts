import type { ApiKeyView } from "@assay/sdk";
import { fault } from "#domain";
import type { ApiKeys } from "#ports";
import type { Caller } from "../caller.ts";
import { FixedKeys, type FixedKeyTexts, keyCharactersMax } from "./fixed-keys.ts";
import type { Authentication, Identity } from "./identity.ts";
import { type Session, Sessions } from "./sessions.ts";

export type Credentials = {
  /** The Authorization header. */
  authorization?: string | undefined;
  /** The session cookie's value. */
  cookie?: string | undefined;
};

const remedy = "send a key: Authorization: Bearer assay_…; `assay serve` says where the local one is";

/** Tells whose a request is. A header that was sent decides, whatever cookie comes with it. Throws what `ApiKeys` throws. */
export class Authenticator {
  readonly #keys: ApiKeys;
  readonly #fixed: FixedKeys;
  readonly #sessions: Sessions;
  readonly #now: () => number;

  /** Throws `config-invalid` for a fixed key that could be guessed. */
  constructor(options: { keys: ApiKeys; fixed: FixedKeyTexts; now?: () => number }) {
    this.#keys = options.keys;
    this.#fixed = new FixedKeys(options.fixed);
    this.#now = options.now ?? Date.now;
    this.#sessions = new Sessions(this.#now);
  }

  async authenticate({ authorization, cookie }: Credentials): Promise<Authentication> {
    if (authorization !== undefined) {
      const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
      if (key === undefined) return refuse("the Authorization header is not `Bearer KEY`");
      return this.byKey(key);
    }
    return cookie === undefined ? { kind: "none" } : this.#byCookie(cookie);
  }

  async byKey(key: string): Promise<Authentication> {
    if (key.length > keyCharactersMax) return refuse("this is not a key of this daemon");
    const caller = this.#fixed.find(key);
    if (caller !== undefined) return { kind: "known", identity: { caller, via: "key" } };
    const view = await this.#keys.find(key);
    return view === undefined ? refuse("this is not a key of this daemon") : this.#byView(view, "key");
  }

  /** Whether what a long answer was begun by still holds: its key is neither revoked nor expired. */
  async stillHolds({ tenant, keyId }: Caller): Promise<boolean> {
    if (this.#fixed.byId(keyId) !== undefined) return true;
    const view = await this.#keys.read(tenant, keyId);
    return view !== undefined && this.#byView(view, "key").kind === "known";
  }

  /** A cookie for whoever has shown a key. */
  openSession({ caller, expiresAt }: Identity): { token: string; session: Session } {
    return this.#sessions.open(caller.tenant, caller.keyId, expiresAt);
  }

  closeSession(token: string): void {
    this.#sessions.close(token);
  }

  async #byCookie(token: string): Promise<Authentication> {
    const session = this.#sessions.find(token);
    if (session === undefined) return refuse("the session is over");
    const caller = this.#fixed.byId(session.keyId);
    if (caller !== undefined) {
      return { kind: "known", identity: { caller, via: "cookie", expiresAt: session.expiresAt } };
    }
    // Looked up each time, so that a session ends at the moment its key is revoked.
    const view = await this.#keys.read(session.tenant, session.keyId);
    return view === undefined ? refuse("the session's key is gone") : this.#byView(view, "cookie", session.expiresAt);
  }

  #byView(view: ApiKeyView, via: Identity["via"], expiresAt = view.expiresAt): Authentication {
    const caller: Caller = {
      tenant: view.tenant,
      keyId: view.id,
      keyName: view.name,
      scopes: new Set(view.scopes),
      ...(view.expiresAt === undefined ? {} : { expiresAt: view.expiresAt }),
    };
    if (view.revokedAt !== undefined) return refuse(`the key ${view.id} was revoked`, caller);
    if (view.expiresAt !== undefined && view.expiresAt <= this.#now()) {
      return refuse(`the key ${view.id} has expired`, caller);
    }
    return { kind: "known", identity: { caller, via, ...(expiresAt === undefined ? {} : { expiresAt }) } };
  }
}

function refuse(message: string, owner?: Caller): Authentication {
  const refused = fault("unauthorized", message, remedy);
  return { kind: "refused", fault: refused, ...(owner === undefined ? {} : { owner }) };
}
