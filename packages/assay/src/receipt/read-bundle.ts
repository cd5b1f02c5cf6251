import { constants } from "node:fs";
import { lstat, open, opendir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { raise } from "#domain";
import { bundleFileBytesMax, bundleFiles } from "./bundle-layout.ts";

const entriesMax = 10_000;

/** What was found at a path: a bundle's files by relative path (sizes only), or a receipt on its own. */
export type FoundReceipt =
  | { kind: "bundle"; directory: string; files: ReadonlySet<string> }
  | { kind: "lone"; path: string };

/**
 * Says what stands at a path: a directory is a bundle, and so is the directory around a receipt as soon as anything else
 * of a bundle is in it. Reads no content and follows no link inside a bundle.
 * Throws a `FaultError`: `usage` when there is nothing, `receipt-invalid` for links, devices and too many files.
 */
export async function findReceipt(given: string): Promise<FoundReceipt> {
  // The way to a receipt may lead over links, such as a `latest`; inside a bundle there are none.
  const path = await realpathOrRaise(given);
  const status = await lstat(path);
  if (status.isDirectory()) return { kind: "bundle", directory: path, files: await listFiles(path) };
  if (!status.isFile()) raise("receipt-invalid", `${path} is neither a file nor a directory`);
  const directory = dirname(path);
  const companions = [bundleFiles.patch, bundleFiles.publicKey, bundleFiles.sums, "evidence"];
  if (basename(path) === bundleFiles.receipt) {
    for (const name of companions) {
      const present = await lstat(join(directory, name)).catch(() => undefined);
      if (present !== undefined) return { kind: "bundle", directory, files: await listFiles(directory) };
    }
  }
  return { kind: "lone", path };
}

/** Reads a regular file of at most `bundleFileBytesMax` without following a link at its end. Throws `receipt-invalid`. */
export async function readBounded(path: string): Promise<Uint8Array> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for ever.
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const status = await file.stat();
    if (!status.isFile()) raise("receipt-invalid", `${path} is not a regular file`);
    if (status.size > bundleFileBytesMax) {
      raise("receipt-invalid", `${path} is larger than ${bundleFileBytesMax} bytes`);
    }
    return await file.readFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code === "string") raise("receipt-invalid", `cannot read ${path} (${code})`);
    throw error;
  }
}

async function listFiles(directory: string): Promise<ReadonlySet<string>> {
  const files = new Set<string>();
  const visit = async (relative: string, depth: number): Promise<void> => {
    for await (const entry of await opendir(join(directory, relative))) {
      const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (files.size >= entriesMax) raise("receipt-invalid", `the bundle has more than ${entriesMax} files`);
      if (entry.isDirectory() && depth < 2) {
        // An empty directory that does not belong here is seen as well.
        if (path !== "evidence") files.add(`${path}/`);
        await visit(path, depth + 1);
      } else if (entry.isFile()) files.add(path);
      else raise("receipt-invalid", `the bundle holds something that is not a file: ${path}`);
    }
  };
  try {
    await visit("", 0);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code === "string") raise("receipt-invalid", `cannot read the bundle ${directory} (${code})`);
    throw error;
  }
  return files;
}

async function realpathOrRaise(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return raise("usage", `there is no receipt at ${path} (${code})`, "Give the path of a bundle or its receipt.json.");
  }
}
