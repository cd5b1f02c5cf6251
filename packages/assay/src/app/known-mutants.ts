import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import type { KnownMutant, KnownMutants } from "#workflows";

const keptMax = 200_000;
const knownSchema = z.object({ status: z.enum(["killed", "survived"]), killedBy: z.string().exactOptional() });
const fileSchema = z.object({ version: z.literal(2), mutants: z.record(z.string(), knownSchema) });

/** What became of mutants, in a file of the project's state. Without it, or where it cannot be read, all are tried anew. */
export class MutantFile implements KnownMutants {
  readonly #path: string;
  readonly #earlier: ReadonlyMap<string, KnownMutant>;
  /** Asked for or found out by this run: these outlive the others. */
  readonly #current = new Map<string, KnownMutant>();

  readonly #afresh: boolean;

  private constructor(path: string, earlier: ReadonlyMap<string, KnownMutant>, afresh: boolean) {
    this.#path = path;
    this.#earlier = earlier;
    this.#afresh = afresh;
  }

  /** `afresh`: tells of none that was known before, and forgets none. */
  static async open(path: string, afresh: boolean): Promise<MutantFile> {
    return new MutantFile(path, await readMutants(path), afresh);
  }

  get(key: string): KnownMutant | undefined {
    return this.#afresh ? undefined : this.#earlier.get(key);
  }

  set(key: string, known: KnownMutant): void {
    this.#current.set(key, known);
  }

  /** Replaces the file as a whole, with what another run may have put there in the meantime. */
  async save(): Promise<void> {
    const others = new Map([...this.#earlier, ...(await readMutants(this.#path))]);
    const all = new Map([...this.#current, ...[...others].filter(([key]) => !this.#current.has(key))]);
    const mutants = Object.fromEntries([...all].slice(0, keptMax));
    const temporary = `${this.#path}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      await writeFile(temporary, JSON.stringify({ version: 2, mutants }));
      await rename(temporary, this.#path);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

async function readMutants(path: string): Promise<ReadonlyMap<string, KnownMutant>> {
  try {
    const { mutants } = fileSchema.parse(JSON.parse(await readFile(path, "utf8")));
    return new Map(Object.entries(mutants));
  } catch {
    return new Map();
  }
}
