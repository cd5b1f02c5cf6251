import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

const digest = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

/**
 * All content that can be reached from texts: every SHA-256 in them, and every one in the content that they name, and so on. Whatever
 * looks like a digest counts: what is kept in vain costs space, what is removed in error costs evidence.
 */
export async function referredContent(
  texts: Iterable<string>,
  stores: readonly string[],
): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const waiting: string[] = [];
  const add = (hex: string) => {
    if (seen.has(hex)) return;
    seen.add(hex);
    waiting.push(hex);
  };
  for (const text of texts) for (const [hex] of text.matchAll(digest)) add(hex);
  for (let hex = waiting.pop(); hex !== undefined; hex = waiting.pop()) {
    for (const store of stores) await scan(join(store, hex.slice(0, 2), hex.slice(2)), add);
  }
  return seen;
}

/** Digests in a file, also where they lie over the end of what is read at once. */
async function scan(path: string, add: (hex: string) => void): Promise<void> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  await using opened = file;
  let rest = "";
  for await (const chunk of opened.createReadStream({ autoClose: false, encoding: "latin1" })) {
    const text = rest + String(chunk);
    // What may go on in the next part is left for it; a run of more than 64 digits is none, and stays so when it is cut to 65.
    const open = /[0-9a-f]*$/.exec(text.slice(-65))?.[0] ?? "";
    rest = open;
    for (const [hex] of text.slice(0, text.length - open.length).matchAll(digest)) add(hex);
  }
  for (const [hex] of rest.matchAll(digest)) add(hex);
}
