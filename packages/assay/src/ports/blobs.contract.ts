import { type Digest, digestSchema } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import type { Blobs } from "./blobs.ts";
import { digestOf } from "./digest.ts";

/** What every `Blobs` keeps; `open` gives an empty one each time. */
export function blobsContract(name: string, open: () => Promise<Blobs>): void {
  describe(`${name} as blobs`, () => {
    test("gives back exactly the bytes that were put", async () => {
      const blobs = await open();
      const bytes = Uint8Array.from({ length: 100_000 }, (_, n) => (n * 7) % 256);
      const digest = await blobs.put(bytes);
      expect(digest).toBe(digestOf(bytes));
      expect(Buffer.from((await blobs.get(digest)) ?? [])).toEqual(Buffer.from(bytes));
    });

    test("takes text as UTF-8, and nothing at all", async () => {
      const blobs = await open();
      for (const text of ["", "ünïcode 😀\r\n"]) {
        const digest = await blobs.put(text);
        expect(Buffer.from((await blobs.get(digest)) ?? "missing").toString()).toBe(text);
      }
    });

    test("keeps the same bytes once, also when put many times at once", async () => {
      const blobs = await open();
      const digests = await Promise.all(Array.from({ length: 16 }, () => blobs.put("the same")));
      expect(new Set(digests).size).toBe(1);
      expect(Buffer.from((await blobs.get(digests[0] as Digest)) ?? "").toString()).toBe("the same");
    });

    test("knows nothing of what was never put", async () => {
      const blobs = await open();
      expect(await blobs.get(digestOf("never put"))).toBeUndefined();
    });

    test("refuses what is not a digest", async () => {
      const blobs = await open();
      for (const text of ["sha256:../../etc/passwd", "sha256:", `md5:${"0".repeat(32)}`]) {
        expect(digestSchema.safeParse(text).success).toBe(false);
        await expect(blobs.get(text as Digest)).rejects.toThrow();
      }
    });

    test("does not let a caller change what is kept", async () => {
      const blobs = await open();
      const bytes = Buffer.from("original");
      const digest = await blobs.put(bytes);
      bytes.fill(0);
      (await blobs.get(digest))?.fill(1);
      expect(Buffer.from((await blobs.get(digest)) ?? "").toString()).toBe("original");
    });
  });
}
