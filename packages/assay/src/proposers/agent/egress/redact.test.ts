import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { redact } from "./redact.ts";

const secret = "abab-c";
const parts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "-", "c", "abab", secret), maxLength: 6 }), {
  maxLength: 8,
});

test("a secret never passes, and everything else does, however it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(parts, async (chunks) => {
      const passed = await text(Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(redact(secret)));
      expect(passed).toBe(chunks.join("").replaceAll(secret, "******"));
    }),
  );
});

test("what cannot be part of the secret is not held back", () => {
  const stream = redact(secret);
  stream.write("event: x\n\n");
  expect(String(stream.read())).toBe("event: x\n\n");
  stream.write("tail ab");
  expect(String(stream.read())).toBe("tail ");
});
