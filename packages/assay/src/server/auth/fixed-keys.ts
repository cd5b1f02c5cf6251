import { createHash, timingSafeEqual } from "node:crypto";
import { allScopes } from "@assay/sdk";
import { raise } from "#domain";
import { defaultTenant } from "#ports";
import type { Caller } from "../caller.ts";

/** What is asked of a key that somebody chose. */
const keyCharactersMin = 32;
/** As long as what the login of the dashboard takes. */
export const keyCharactersMax = 200;
const distinctCharactersMin = 10;
/** As whoever set one knows it. */
const names = { local: "the local API key", environment: "the API key in ASSAY_API_KEY" } as const;

/** The id of the key in the file that only the daemon's user can read. */
export const localKeyId = "local";

export type FixedKeyTexts = {
  /** Of the file that only the daemon's user can read. */
  [localKeyId]?: string;
  /** `ASSAY_API_KEY`. */
  environment?: string;
};

/** Keys that live as long as the process: of the default tenant, with every scope. Only their hashes stay in memory. */
export class FixedKeys {
  readonly #keys: readonly { caller: Caller; hash: Buffer }[];

  /** Throws `config-invalid` for a key that could be guessed. */
  constructor(texts: FixedKeyTexts) {
    this.#keys = ([localKeyId, "environment"] as const).flatMap((keyId) => {
      const text = texts[keyId];
      if (text === undefined) return [];
      if (!isStrong(text)) {
        raise(
          "config-invalid",
          `${names[keyId]} can be guessed or cannot be sent: it needs ${keyCharactersMin} to ${keyCharactersMax} printable characters without blanks, ${distinctCharactersMin} of them different`,
          "make one with: openssl rand -hex 32",
        );
      }
      return [{ caller: { tenant: defaultTenant, keyId, scopes: new Set(allScopes) }, hash: hashOf(text) }];
    });
  }

  /** Takes the same time whichever key it is, and wherever the text differs. */
  find(text: string): Caller | undefined {
    const hash = hashOf(text);
    let found: Caller | undefined;
    for (const key of this.#keys) if (timingSafeEqual(key.hash, hash)) found = key.caller;
    return found;
  }

  byId(keyId: string): Caller | undefined {
    return this.#keys.find(({ caller }) => caller.keyId === keyId)?.caller;
  }
}

function isStrong(text: string): boolean {
  const { length } = text;
  const isLong = length >= keyCharactersMin && length <= keyCharactersMax;
  return isLong && new Set(text).size >= distinctCharactersMin && /^[\x21-\x7e]+$/.test(text);
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
