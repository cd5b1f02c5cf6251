import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import type { KnownMutants, MutantStatus } from "#workflows";

const keptMax = 200_000;
const fileSchema = z.object({ version: z.literal(1), mutants: z.record(z.string(), z.enum(["killed", "survived"])) });

/** What became of mutants, in a file of the project's state. Without it, or where it cannot be read, all are tried anew. */
export class MutantFile implements KnownMutants {
  readonly #path: string;
  readonly #earlier: ReadonlyMap<string, MutantStatus>;
  /** Asked for or found out by this run: these outlive the others. */
  readonly #current = new Map<string, MutantStatus>();

  private constructor(path: string, earlier: ReadonlyMap<string, MutantStatus>) {
    this.#path = path;
    this.#earlier = earlier;
  }

  static async open(path: string, afresh: boolean): Promise<MutantFile> {
    const text = afresh ? "" : await readFile(path, "utf8").catch(() => "");
    return new MutantFile(path, new Map(Object.entries(parse(text))));
  }

  get(key: string): MutantStatus | undefined {
    return this.#earlier.get(key);
  }

  set(key: string, status: MutantStatus): void {
    this.#current.set(key, status);
  }

  /** Replaces the file as a whole. */
  async save(): Promise<void> {
    const all = new Map([...this.#current, ...[...this.#earlier].filter(([key]) => !this.#current.has(key))]);
    const mutants = Object.fromEntries([...all].slice(0, keptMax));
    const temporary = `${this.#path}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      await writeFile(temporary, JSON.stringify({ version: 1, mutants }));
      await rename(temporary, this.#path);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

function parse(text: string): Record<string, MutantStatus> {
  try {
    return fileSchema.safeParse(JSON.parse(text)).data?.mutants ?? {};
  } catch {
    return {};
  }
}
