import type { AssayClientOptions } from "@assay/sdk";

/** Where the daemon is, and a key for it: by default that of `assay serve` on this machine, whose key stands in `.assay/daemon.key`. */
export function daemon(): AssayClientOptions {
  const { ASSAY_URL = "http://127.0.0.1:8420", ASSAY_API_KEY } = process.env;
  if (ASSAY_API_KEY === undefined) throw new Error('set a key: export ASSAY_API_KEY="$(cat .assay/daemon.key)"');
  return { url: ASSAY_URL, key: ASSAY_API_KEY };
}
