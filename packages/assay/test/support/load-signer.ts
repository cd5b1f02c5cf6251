import { loadSigner } from "#receipt";

/** Prints the id of the signing key, made if need be; run as a process of its own by tests. */
process.stdout.write((await loadSigner()).keyid);
