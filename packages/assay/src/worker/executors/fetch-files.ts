import type { WorkFile } from "@assay/sdk";
import type { SentFile } from "#app";
import { raise } from "#domain";
import type { WorkContext } from "../executor.ts";

/** Of all files of one task together. */
const projectBytesMax = 256 * 1024 * 1024;
const fetchedAtOnceMax = 8;

/** Fetches a task's files. Throws `too-large`. */
export async function fetchFiles(files: readonly WorkFile[], { fetch, signal }: WorkContext): Promise<SentFile[]> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > projectBytesMax) raise("too-large", `the project has ${bytes} bytes; a worker takes ${projectBytesMax}`);
  const sent: SentFile[] = [];
  for (let at = 0; at < files.length; at += fetchedAtOnceMax) {
    signal.throwIfAborted();
    const some = files.slice(at, at + fetchedAtOnceMax).map(async ({ path, digest, executable }) => {
      return { path, content: await fetch(digest), executable: executable === true };
    });
    sent.push(...(await Promise.all(some)));
  }
  return sent;
}
