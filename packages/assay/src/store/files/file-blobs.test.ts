import { chmod, mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { scratch } from "../../../test/support/scratch.ts";
import { blobsContract } from "../../ports/blobs.contract.ts";
import { FileBlobs } from "./file-blobs.ts";

const scope = new AsyncDisposableStack();
afterAll(() => scope.disposeAsync());

async function folder(): Promise<string> {
  return scope.use(await scratch()).path;
}

blobsContract("FileBlobs", async () => new FileBlobs(join(await folder(), "not", "there yet")));

async function fileOf(directory: string, digest: string): Promise<string> {
  const hex = digest.slice("sha256:".length);
  return join(directory, hex.slice(0, 2), hex.slice(2));
}

describe("FileBlobs", () => {
  test("finds what another process changed", async () => {
    const directory = await folder();
    const blobs = new FileBlobs(directory);
    const digest = await blobs.put("evidence");
    const file = await fileOf(directory, digest);
    await chmod(file, 0o644);
    await writeFile(file, "evidencE");
    await expect(blobs.get(digest)).rejects.toMatchObject({ fault: { code: "receipt-mismatch" } });
  });

  test("repairs a damaged blob when the same bytes are put again", async () => {
    const directory = await folder();
    const blobs = new FileBlobs(directory);
    const digest = await blobs.put("evidence");
    const file = await fileOf(directory, digest);
    await chmod(file, 0o644);
    await writeFile(file, "");
    await blobs.put("evidence");
    expect(Buffer.from((await blobs.get(digest)) ?? "").toString()).toBe("evidence");
  });

  test("leaves no temporary file behind, and nothing that is writable", async () => {
    const directory = await folder();
    const digest = await new FileBlobs(directory).put("evidence");
    expect(await readdir(join(directory, "tmp"))).toEqual([]);
    expect((await stat(await fileOf(directory, digest))).mode & 0o222).toBe(0);
  });

  test("clears away temporary files that a killed process left a day ago, and no younger ones", async () => {
    const directory = await folder();
    await mkdir(join(directory, "tmp"));
    for (const name of ["old", "young"]) await writeFile(join(directory, "tmp", name), name);
    const yesterday = Date.now() / 1000 - 25 * 60 * 60;
    await utimes(join(directory, "tmp", "old"), yesterday, yesterday);
    await new FileBlobs(directory).put("evidence");
    expect(await readdir(join(directory, "tmp"))).toEqual(["young"]);
  });

  test("says state-not-writable where a file is in the way", async () => {
    const directory = await folder();
    await writeFile(join(directory, "blobs"), "a file");
    const blobs = new FileBlobs(join(directory, "blobs"));
    await expect(blobs.put("x")).rejects.toMatchObject({ fault: { code: "state-not-writable" } });
  });

  test("says state-not-writable where a folder is in a blob's place", async () => {
    const directory = await folder();
    const blobs = new FileBlobs(directory);
    const digest = await blobs.put("x");
    const file = await fileOf(directory, digest);
    await chmod(file, 0o644);
    await rm(file);
    await mkdir(file);
    await expect(blobs.get(digest)).rejects.toMatchObject({ fault: { code: "state-not-writable" } });
  });
});
