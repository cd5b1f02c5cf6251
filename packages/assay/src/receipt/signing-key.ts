import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { raise } from "#domain";
import { configDirectory } from "#ports";
import { type Signer, signerFor } from "./signer.ts";
import { raiseWriteFault, syncDirectory } from "./write-artifact.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const keyBytesMax = 16 * 1024;

export function signingKeyPath(env: Environment = process.env): string {
  return join(configDirectory(env), "signing-key.pem");
}

/**
 * The key that `ASSAY_SIGNING_KEY` holds or points to, else the user's own, made on first use.
 * Two processes that make it at once end with the same one.
 * Throws a `FaultError`: `key-invalid` for what is not an Ed25519 private key or can be read by others,
 * `state-not-writable`, `disk-full`.
 */
export async function loadSigner(env: Environment = process.env): Promise<Signer> {
  const found = await findSigner(env);
  if (found !== undefined) return found;
  const path = signingKeyPath(env);
  await createKey(path);
  return signerFor(await readKeyFile(path));
}

/** The key in this file, made where there is none; for signers that are not the user. Throws as `loadSigner` does. */
export async function loadSignerAt(path: string): Promise<Signer> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    return raise("key-invalid", `cannot look at ${path} (${error.code})`);
  });
  if (found === undefined) await createKey(path);
  return signerFor(
    await readKeyFile(path, "Name a readable PEM file with an Ed25519 private key, or one that is yet to be made."),
  );
}

/** As `loadSigner`, but makes no key: `undefined` when this user has none. */
export async function findSigner(env: Environment = process.env): Promise<Signer | undefined> {
  const given = env.ASSAY_SIGNING_KEY;
  if (given !== undefined && given !== "") {
    if (given.includes("-----BEGIN")) return signerFor(parseKey(given, "ASSAY_SIGNING_KEY"));
    return signerFor(await readKeyFile(given));
  }
  const path = signingKeyPath(env);
  try {
    await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    raise("key-invalid", `cannot look at ${path} (${(error as NodeJS.ErrnoException).code})`);
  }
  return signerFor(await readKeyFile(path));
}

/** Made whole under another name and linked into place: nobody ever reads half a key, and the first one wins. */
async function createKey(path: string): Promise<void> {
  const directory = join(path, "..");
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString("hex")}.tmp`;
  const { privateKey } = generateKeyPairSync("ed25519");
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const { mode } = await stat(directory);
    if (process.platform !== "win32" && (mode & 0o022) !== 0) {
      raise("key-invalid", `others may replace files in ${directory}`, `Run: chmod 700 '${directory}'`);
    }
    await using file = await open(temporary, "wx", 0o600);
    await file.writeFile(privateKey.export({ type: "pkcs8", format: "pem" }));
    await file.sync();
    await link(temporary, path);
    await syncDirectory(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") raiseWriteFault(path, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function readKeyFile(
  path: string,
  remedy = "Point ASSAY_SIGNING_KEY at a readable PEM file with an Ed25519 private key, or unset it.",
): Promise<KeyObject> {
  let text: string;
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = await file.stat();
    if (!status.isFile()) raise("key-invalid", `the signing key ${path} is not a file`, remedy);
    if (process.platform !== "win32" && (status.mode & 0o077) !== 0) {
      const mode = (status.mode & 0o777).toString(8).padStart(4, "0");
      raise("key-invalid", `others can reach the signing key ${path} (mode ${mode})`, `Run: chmod 600 '${path}'`);
    }
    if (status.size > keyBytesMax) raise("key-invalid", `the signing key ${path} is too large for a key`, remedy);
    text = await file.readFile("utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code === "string") raise("key-invalid", `cannot read the signing key ${path} (${code})`, remedy);
    throw error;
  }
  return parseKey(text, path);
}

/** The message never quotes what was read: it may be a secret of another kind. */
function parseKey(pem: string, from: string): KeyObject {
  const remedy = "Make one with: openssl genpkey -algorithm ed25519";
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    raise("key-invalid", `${from} does not hold a private key in PEM form without a passphrase`, remedy);
  }
  if (key.asymmetricKeyType !== "ed25519") {
    raise("key-invalid", `${from} holds a key of type ${key.asymmetricKeyType}, not ed25519`, remedy);
  }
  return key;
}
