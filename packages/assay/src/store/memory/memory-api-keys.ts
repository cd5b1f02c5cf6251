import type { ApiKeyView, RevokedKey } from "@assay/sdk";
import type { ApiKeys, NewApiKey } from "#ports";
import { apiKeyId, isKeyOf, newApiKey, refuseRevokedMaker } from "../api-key-text.ts";
import { keyUseNoteMs } from "../key-use.ts";

/** Keys in this process's memory. */
export class MemoryApiKeys implements ApiKeys {
  readonly #keys = new Map<string, { hash: string; view: ApiKeyView }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async create({ tenant, name, scopes, expiresAt, madeBy }: NewApiKey): Promise<{ key: string; view: ApiKeyView }> {
    if (this.#keys.get(madeBy ?? "")?.view.revokedAt !== undefined) refuseRevokedMaker();
    const { id, key, hash } = newApiKey();
    const view: ApiKeyView = {
      id,
      name,
      tenant,
      scopes: [...scopes],
      createdAt: this.#now(),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(madeBy === undefined ? {} : { madeBy }),
    };
    this.#keys.set(id, { hash, view });
    return { key, view: structuredClone(view) };
  }

  async find(key: string): Promise<ApiKeyView | undefined> {
    const found = this.#keys.get(apiKeyId(key) ?? "");
    if (found === undefined || !isKeyOf(key, found.hash)) return undefined;
    const { lastUsedAt = Number.NEGATIVE_INFINITY } = found.view;
    if (this.#now() - lastUsedAt >= keyUseNoteMs) found.view.lastUsedAt = this.#now();
    return structuredClone(found.view);
  }

  async read(tenant: string, id: string): Promise<ApiKeyView | undefined> {
    return structuredClone(this.#of(tenant, id));
  }

  async list(tenant: string): Promise<ApiKeyView[]> {
    const views = [...this.#keys.values()].map(({ view }) => view).filter((view) => view.tenant === tenant);
    return structuredClone(views.reverse());
  }

  async revoke(tenant: string, id: string): Promise<RevokedKey | undefined> {
    const view = this.#of(tenant, id);
    if (view === undefined) return undefined;
    const made = this.#madeBy(id);
    for (const each of [view, ...made]) each.revokedAt ??= this.#now();
    return { ...structuredClone(view), alsoRevoked: made.map((each) => each.id) };
  }

  #madeBy(maker: string): ApiKeyView[] {
    const made = [...this.#keys.values()].map(({ view }) => view).filter(({ madeBy }) => madeBy === maker);
    return made.flatMap((view) => [view, ...this.#madeBy(view.id)]);
  }

  #of(tenant: string, id: string): ApiKeyView | undefined {
    const view = this.#keys.get(id)?.view;
    return view?.tenant === tenant ? view : undefined;
  }
}
