import { readdir, readFile } from "node:fs/promises";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Cheat, cheatHeaderSchema } from "./cheat.ts";

/** The cheats that ship with Assay, by name. Data: nothing of them is executed outside a sandbox. */
export async function readCheats(language: "python" | "javascript"): Promise<Cheat[]> {
  const folder = fileURLToPath(new URL(`./${language}/`, import.meta.url));
  const names = (await readdir(folder)).sort();
  return await Promise.all(names.map(async (name) => parseCheat(name, await readFile(`${folder}${name}`, "utf8"))));
}

/** What it does, its header, and the rest is the cheat. */
export function parseCheat(file: string, text: string): Cheat {
  const [does = "", header = "", ...rest] = text.split("\n");
  const comment = /^(?:#|\/\/) /;
  const fields = header.replace(comment, "").split("; ");
  const parsed = cheatHeaderSchema.parse(Object.fromEntries(fields.map((field) => field.split(": "))));
  const name = file.slice(0, file.length - extname(file).length);
  return { ...parsed, name, does: does.replace(comment, ""), text: rest.join("\n") };
}
