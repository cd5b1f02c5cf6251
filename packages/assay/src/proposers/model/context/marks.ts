/** Stands in a prompt for what looks like a secret. */
export const redactedMark = "[redacted]";

/** Begins what stands in a prompt for a character that cannot be seen, e.g. `⟦U+202E⟧`. */
export const revealedMark = "⟦U+";
