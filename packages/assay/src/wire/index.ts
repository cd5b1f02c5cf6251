/** The workers' protocol as generated from `assay/worker/v1/worker.proto`; `docs/guides/workers.md` tells it in words. */
export * from "#wire-messages";
