import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Edit } from "@assay/sdk";
import { z } from "zod";
import type { Cheat } from "#oracle";
import type { Break, Subject } from "./subject.ts";

/** The edits that cheat with a broken module in place, or why this cheat has nothing to work on here. */
export type AppliedCheat = { kind: "edits"; edits: Edit[] } | { kind: "not-applicable"; reason: string };

export async function applyCheat(subject: Subject, change: Break, cheat: Cheat): Promise<AppliedCheat> {
  const { needs } = cheat;
  if (needs !== undefined && !isUsed(subject, needs)) return notApplicable(`the command does not use ${needs}`);
  if (cheat.kind === "module") {
    return { kind: "edits", edits: [rewrite(change.file, `${change.broken}\n\n${cheat.text}`)] };
  }
  const { snapshot } = subject;
  const existing = snapshot.files.includes(cheat.path)
    ? await readFile(join(snapshot.directory, cheat.path), "utf8")
    : undefined;
  const content = combine(cheat, existing);
  if (content === undefined) return notApplicable(`the project has its own ${cheat.path}`);
  return { kind: "edits", edits: [rewrite(change.file, change.broken), rewrite(cheat.path, content)] };
}

function isUsed({ profile, command }: Subject, tool: string): boolean {
  return profile.runner === tool || new RegExp(`\\b${tool}\\b`).test(command.text);
}

function combine({ existing, text }: Extract<Cheat, { kind: "file" }>, own: string | undefined): string | undefined {
  if (existing === "merge") return own === undefined ? undefined : merge(own, text);
  if (own === undefined) return text;
  return existing === "append" ? `${own}\n\n${text}` : undefined;
}

const packageSchema = z.looseObject({ scripts: z.record(z.string(), z.string()).optional() });

function merge(own: string, text: string): string | undefined {
  try {
    const [base, more] = [own, text].map((each) => packageSchema.parse(JSON.parse(each)));
    return JSON.stringify({ ...base, ...more, scripts: { ...base?.scripts, ...more?.scripts } }, null, 2);
  } catch {
    return undefined;
  }
}

function rewrite(path: string, content: string): Edit {
  return { kind: "rewrite", path, content };
}

function notApplicable(reason: string): AppliedCheat {
  return { kind: "not-applicable", reason };
}
