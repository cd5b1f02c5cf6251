import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { z } from "zod";

const folder = join(import.meta.dirname, "..");

const headerSchema = z.strictObject({
  /** `function`: a module with one function; else a repository with that runner. */
  stage: z.enum(["function", "pytest", "node-test", "vitest"]),
  problem: z.string().optional(),
  /** The naive harness that it is made to fool. */
  fools: z.string().optional(),
  /** It is judged by a suite that it was not shown. */
  judged: z.literal("hidden").optional(),
});

/** A cheat, or an honest solution beside them. */
export type Sample = z.infer<typeof headerSchema> & {
  language: "python" | "javascript";
  /** Its file without the ending. */
  name: string;
  /** What it does: its first line. */
  does: string;
  /** By path in the repository; the module under test is the first. */
  files: Readonly<Record<string, string>>;
  /** Where the module under test is. */
  module: string;
};

export function readSamples(kind: "cheats" | "honest", language: Sample["language"]): Sample[] {
  const names = readdirSync(join(folder, kind, language)).sort();
  return names.map((name) => parseSample(language, name, readFileSync(join(folder, kind, language, name), "utf8")));
}

/** Two lines of header, then files: the module, and others behind `--- file: PATH`. */
function parseSample(language: Sample["language"], name: string, text: string): Sample {
  const [does = "", header = "", ...lines] = text.split("\n");
  const comment = /^(?:#|\/\/) /;
  const fields = header.replace(comment, "").split("; ");
  const parsed = headerSchema.parse(Object.fromEntries(fields.map((field) => field.split(": "))));
  const module = `solution${extname(name)}`;
  const files: Record<string, string> = {};
  let path = module;
  for (const line of lines) {
    const next = /^(?:#|\/\/) --- file: (.+)$/.exec(line)?.[1];
    if (next === undefined) files[path] = `${files[path] ?? ""}${line}\n`;
    else path = next;
  }
  return {
    ...parsed,
    language,
    name: name.slice(0, -extname(name).length),
    does: does.replace(comment, ""),
    files,
    module,
  };
}
