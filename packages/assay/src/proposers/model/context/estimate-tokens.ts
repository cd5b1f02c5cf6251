/** UTF-8 bytes that are taken for one token. Code has three to four for most vocabularies; other scripts fewer, and more bytes. */
const bytesPerToken = 3;

/** Tokens that a text may have: an estimate for fitting it into a window, and for nothing else. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}
