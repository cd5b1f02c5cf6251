import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { raise } from "#domain";

/** Who a token speaks for, and the API key that it was got with. */
export type WorkerIdentity = { tenant: string; worker: string; keyId: string };

/** A stolen token is of use for this long at most. */
export const tokenTtlMs = 300_000;

const issuer = "assay";
const audience = "assay-worker";
const algorithm = "HS256";
const secretBytesMin = 32;

const payloadSchema = z.object({ sub: z.string().min(1), tenant: z.string().min(1), key: z.string() });

/** Whether it is written like a token. */
export function isToken(bearer: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(bearer);
}

/** Short-lived tokens of workers: JWTs by HMAC-SHA256 with a secret that never leaves the daemon, of at least 32 bytes. */
export class WorkerTokens {
  readonly #secret: Uint8Array;
  readonly #now: () => number;

  constructor(secret: Uint8Array, now: () => number = Date.now) {
    if (secret.length < secretBytesMin)
      raise("key-invalid", `the secret for workers' tokens is under ${secretBytesMin} bytes`);
    this.#secret = secret;
    this.#now = now;
  }

  async issue({ tenant, worker, keyId }: WorkerIdentity): Promise<string> {
    const now = this.#now();
    return new SignJWT({ tenant, key: keyId })
      .setProtectedHeader({ alg: algorithm, typ: "JWT" })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(worker)
      .setIssuedAt(new Date(now))
      .setExpirationTime(new Date(now + tokenTtlMs))
      .sign(this.#secret);
  }

  /** Throws `unauthorized` for what is no token of ours, or no longer. */
  async verify(token: string): Promise<WorkerIdentity> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, {
        issuer,
        audience,
        algorithms: [algorithm],
        requiredClaims: ["exp", "iat"],
        currentDate: new Date(this.#now()),
      });
      const { sub, tenant, key } = payloadSchema.parse(payload);
      return { tenant, worker: sub, keyId: key };
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        raise("unauthorized", "the worker's token has expired", "register again; refresh a token before it ends");
      }
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) {
        raise("unauthorized", "that is no token of a worker here", "register to get one");
      }
      throw error;
    }
  }
}
