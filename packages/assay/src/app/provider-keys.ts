import { raise } from "#domain";

/** Where a key was found; the key itself is never shown. */
export type FoundKey = { key: string; from: string };

const service = "assay";
const keyCharactersMax = 8192;

/** From the environment, the first variable that is set, else from the keyring of the operating system. */
export async function findKey(
  provider: string,
  keyEnv: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundKey | undefined> {
  for (const name of keyEnv) {
    const key = env[name]?.trim();
    if (key === undefined || key === "") continue;
    if (!isKey(key))
      raise("usage", `environment variable ${name} holds no key: it has blanks, or is too long`, "set the key alone");
    return { key, from: `environment variable ${name}` };
  }
  if (env.ASSAY_KEYRING === "off") return undefined;
  const key = await fromKeyring(provider);
  return key === undefined ? undefined : { key, from: "keyring" };
}

/** Faults: `usage` for what is no key, `environment-broken` where there is no keyring. */
export async function storeKey(provider: string, key: string): Promise<void> {
  const trimmed = key.trim();
  if (!isKey(trimmed)) {
    raise("usage", "that is no key: it is empty, has spaces or is too long", "give the key alone, on standard input");
  }
  const { AsyncEntry } = await import("@napi-rs/keyring");
  await new AsyncEntry(service, provider).setPassword(trimmed).catch(noKeyring);
}

export async function forgetKey(provider: string): Promise<boolean> {
  const { AsyncEntry } = await import("@napi-rs/keyring");
  return await new AsyncEntry(service, provider).deletePassword().catch(noKeyring);
}

/** What a header can carry. */
function isKey(text: string): boolean {
  return text.length <= keyCharactersMax && /^[\x21-\x7e]+$/.test(text);
}

/** A machine without a keyring, as a container or a server is, has no key there. */
async function fromKeyring(provider: string): Promise<string | undefined> {
  try {
    const { AsyncEntry } = await import("@napi-rs/keyring");
    return (await new AsyncEntry(service, provider).getPassword()) ?? undefined;
  } catch {
    return undefined;
  }
}

function noKeyring(error: Error): never {
  raise("environment-broken", `there is no keyring here: ${error.message}`, "set the environment variable instead");
}
