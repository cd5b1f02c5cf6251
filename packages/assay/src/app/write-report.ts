import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunEvent, receiptEnvelopeSchema } from "@assay/sdk";
import type { RunId } from "#domain";
import { viewEvaluation, writeEvaluation } from "#eval";
import type { Blobs } from "#ports";
import { writeArtifact } from "#receipt";
import { loadObservations, type ReceiptFacts, renderHtml, renderMarkdown, viewRun } from "#report";

/**
 * Writes a run's report from its journal: a projection, so it can be written again at any time.
 * Returns the path of the HTML; the Markdown for a pull request is beside it.
 */
export async function writeReport(
  runs: string,
  run: RunId,
  events: readonly RunEvent[],
  blobs: Blobs,
): Promise<string> {
  const evaluation = viewEvaluation(events);
  if (evaluation !== undefined) return writeEvaluation(join(runs, run), evaluation);
  const receipt = await receiptFacts(events);
  const view = viewRun(events, {
    observations: await loadObservations(events, blobs),
    ...(receipt === undefined ? {} : { receipt }),
  });
  const path = join(runs, run, "report.html");
  await writeArtifact(path, renderHtml(view));
  await writeArtifact(join(runs, run, "report.md"), renderMarkdown(view));
  return path;
}

async function receiptFacts(events: readonly RunEvent[]): Promise<ReceiptFacts | undefined> {
  const artifacts = events.filter((event) => event.type === "artifact-written");
  const receipt = artifacts.findLast(({ kind }) => kind === "receipt");
  const bundle = artifacts.findLast(({ kind }) => kind === "bundle");
  if (receipt === undefined || bundle === undefined) return undefined;
  // Whoever moved the receipt away still gets a report.
  const text = await readFile(receipt.path, "utf8").catch(() => "null");
  const envelope = receiptEnvelopeSchema.safeParse(JSON.parse(text));
  const keyid = envelope.data?.signatures[0]?.keyid;
  return keyid === undefined ? undefined : { keyid, bundle: bundle.path, digest: receipt.digest };
}
