import { join, resolve } from "node:path";
import type { AuditEntry, Digest } from "@assay/sdk";
import { type OpenProject, openProject } from "#app";
import { writeArtifact } from "#receipt";
import { auditText, plural, sanitizeLine } from "#report";
import { writeListing, writeResult } from "../output/json.ts";

export type AuditOptions = {
  dir: string;
  /** A file for the trail, JSON Lines. */
  out?: string;
  /** A folder for the texts of prompts, questions and answers. */
  texts?: string;
  json?: boolean;
};

/** Content that people and models read and wrote. */
const textNames: readonly string[] = ["prompt", "question", "answer"];

/** Exports a run's trail of decisions; exit code 1 where something that it names is missing or was changed. */
export async function showAudit(name: string, options: AuditOptions): Promise<void> {
  await using project = await openProject(options.dir, {});
  const run = await project.find(name);
  const entries = await project.audit(run);
  const problems = problemsOf(entries);
  const written: string[] = [];
  if (options.out !== undefined) {
    const path = resolve(options.out);
    await writeArtifact(path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    written.push(`Trail: ${path}.`);
  }
  if (options.texts !== undefined) {
    const directory = resolve(options.texts);
    written.push(`${plural(await writeTexts(project, entries, directory), "text")} in ${directory}.`);
  }
  const exitCode = problems.length === 0 ? 0 : 1;
  process.exitCode = exitCode;
  const checked = new Set(entries.flatMap(({ digests }) => digests.map(({ digest }) => digest))).size;
  const said =
    exitCode === 0
      ? `All content that the trail names is there and unchanged (${checked}).`
      : `${plural(problems.length, "content")} that the trail names cannot be trusted: ${problems.join("; ")}.`;
  const summary = [`${plural(entries.length, "entry").replace("entrys", "entries")} of ${run}.`, said, ...written].join(
    " ",
  );
  if (options.json) {
    for (const entry of entries) writeListing(entry);
    writeResult({ type: "result", outcome: exitCode === 0 ? "nothing-to-do" : "rejected", exitCode, summary }, run);
    return;
  }
  if (options.out === undefined) for (const line of auditText(entries)) process.stdout.write(`${line}\n`);
  process.stdout.write(`\n${sanitizeLine(summary, 5_000)}\n`);
}

const problemsMax = 20;

function problemsOf(entries: readonly AuditEntry[]): string[] {
  const problems = new Set<string>();
  for (const { seq, digests } of entries) {
    for (const { name, digest, path, state } of digests) {
      if (state !== "intact") problems.add(`${name} ${path ?? digest} of line ${seq} is ${state}`);
    }
  }
  return [...problems].slice(0, problemsMax);
}

/** A file for each text that can still be trusted, named by its digest; gives how many. */
async function writeTexts(project: OpenProject, entries: readonly AuditEntry[], directory: string): Promise<number> {
  const wanted = new Set<Digest>();
  for (const { digests } of entries) {
    for (const { name, digest, state } of digests) {
      if (state === "intact" && textNames.includes(name)) wanted.add(digest);
    }
  }
  for (const digest of wanted) {
    const content = await project.kept(digest);
    if (content !== undefined) await writeArtifact(join(directory, `${digest.replace(":", "-")}.txt`), content);
  }
  return wanted.size;
}
