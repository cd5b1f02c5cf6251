import type { ReleaseReason } from "@assay/sdk";
import type { Claim } from "#ports";
import type { ClaimName } from "./claim-ref.ts";

/** A heartbeat may have been on its way when a claim was sent: one that does not name it says nothing yet. */
const unnamedBeatsMax = 3;

/** What the queue has for a worker and the worker does not have. */
export type MissingClaim = { claim: Claim; reason: ReleaseReason };

/** The claims of a worker as its own words have them, and what was sent to it since. */
export class SessionClaims {
  readonly #owed = new Set<string>();
  /** By claim: at which heartbeat it was sent, named last, or first seen here; `isKnown`: it was sent or named. */
  #since = new Map<string, { beat: number; isKnown: boolean }>();
  #beats = 0;

  /** How many it has, as far as is known. */
  get owed(): number {
    return this.#owed.size;
  }

  owe(claim: ClaimName): void {
    this.#owed.add(keyOf(claim));
    this.#since.set(keyOf(claim), { beat: this.#beats, isKnown: true });
  }

  settle(claim: ClaimName): void {
    this.#owed.delete(keyOf(claim));
  }

  /** Another heartbeat: what it names, as far as it may hold it, is owed. */
  beat(): void {
    this.#beats++;
    this.#owed.clear();
  }

  /** It says that it holds these and no others. Gives those of the queue that it does not hold. */
  begin(holding: readonly ClaimName[], claims: readonly Claim[]): MissingClaim[] {
    this.#look(claims);
    this.#owed.clear();
    for (const claim of holding) this.owe(claim);
    return claims.filter((claim) => !this.#owed.has(keyOfClaim(claim))).map((claim) => this.#missing(claim));
  }

  /** Those of the queue that several heartbeats did not name. */
  unnamed(claims: readonly Claim[]): MissingClaim[] {
    this.#look(claims);
    const isUnnamed = (claim: Claim) => {
      const { beat } = this.#since.get(keyOfClaim(claim)) ?? { beat: this.#beats };
      return this.#beats - beat >= unnamedBeatsMax;
    };
    return claims.filter(isUnnamed).map((claim) => this.#missing(claim));
  }

  /** Keeps what is known of claims that still are. */
  #look(claims: readonly Claim[]): void {
    const before = this.#since;
    const keys = [...this.#owed, ...claims.map(keyOfClaim)];
    this.#since = new Map(keys.map((key) => [key, before.get(key) ?? { beat: this.#beats, isKnown: false }]));
  }

  /** What it was never sent since the daemon began, and never named, this side lost: nothing of it speaks against the worker. */
  #missing(claim: Claim): MissingClaim {
    return { claim, reason: this.#since.get(keyOfClaim(claim))?.isKnown === true ? "returned" : "stopped" };
  }
}

function keyOfClaim({ offer, token }: Claim): string {
  return keyOf({ run: offer.run, task: offer.task, token });
}

function keyOf({ run, task, token }: ClaimName): string {
  return JSON.stringify([run, task, token]);
}
