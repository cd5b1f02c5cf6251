import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { configDirectory } from "#ports";

const markSchema = z.object({ nonce: z.string().regex(/^[0-9a-f]{32}$/), mac: z.string().regex(/^[0-9a-f]{64}$/) });
/** In a state directory. */
export const markName = "made-here.json";

/**
 * A mark that only this user's Assay can make, and only for the project at `root`. A repository that ships a `.assay/` of its
 * own, with snapshots and a journal that claim what was never seen here, must not be believed; and the runs of a copied
 * project are about the original.
 */
export async function writeMark(directory: string, root: string): Promise<void> {
  const nonce = randomBytes(16).toString("hex");
  const mark = { nonce, mac: (await macOf(nonce, root)).toString("hex") };
  await writeFile(join(directory, markName), `${JSON.stringify(mark)}\n`, { flag: "wx", mode: 0o600 });
}

export async function hasMark(directory: string, root: string): Promise<boolean> {
  const text = await readFile(join(directory, markName), "utf8").catch(() => "null");
  try {
    const { nonce, mac } = markSchema.parse(JSON.parse(text));
    return timingSafeEqual(Buffer.from(mac, "hex"), await macOf(nonce, root));
  } catch {
    return false;
  }
}

async function macOf(nonce: string, root: string): Promise<Buffer> {
  return createHmac("sha256", await stateKey())
    .update(JSON.stringify([nonce, root]))
    .digest();
}

/** Made on first use; two processes at once end with one key. */
async function stateKey(): Promise<Buffer> {
  const directory = configDirectory();
  const path = join(directory, "state-key");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(path, randomBytes(32), { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  const key = await readFile(path);
  if (key.length !== 32) throw new Error(`${path} is not a key of 32 bytes; remove it and try again`);
  return key;
}
