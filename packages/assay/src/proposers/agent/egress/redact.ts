import { Transform } from "node:stream";

/**
 * Passes bytes on with every occurrence of `secret` crossed out, however it is cut into chunks. Only an end that could be the secret's
 * beginning is held back, so that streamed answers stay streams.
 */
export function redact(secret: string): Transform {
  const needle = Buffer.from(secret);
  const crossed = Buffer.alloc(needle.length, "*");
  let held = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = Buffer.concat([held, chunk]);
      for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + needle.length))
        crossed.copy(bytes, at);
      const kept = overlap(bytes, needle);
      held = bytes.subarray(bytes.length - kept);
      done(null, bytes.subarray(0, bytes.length - kept));
    },
    flush(done) {
      done(null, held);
    },
  });
}

/** How many bytes at the end of `bytes` are the beginning of `needle`, and not all of it. */
function overlap(bytes: Buffer, needle: Buffer): number {
  for (let length = Math.min(bytes.length, needle.length - 1); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(needle.subarray(0, length))) return length;
  }
  return 0;
}
