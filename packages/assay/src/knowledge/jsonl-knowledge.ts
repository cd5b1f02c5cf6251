import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { type Lesson, lessonSchema } from "@assay/sdk";
import { raise } from "#domain";
import { homeDirectory, type Knowledge, type KnownMethods } from "#ports";
import { Records } from "./posterior.ts";

type Environment = Readonly<{ [name: string]: string | undefined }>;

/** `$XDG_STATE_HOME/assay/knowledge.jsonl`; `~/.local/state` where that variable is unset or relative, as XDG asks. */
export function knowledgePath(env: Environment = process.env): string {
  const xdg = env.XDG_STATE_HOME;
  const state = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env.HOME || homeDirectory(), ".local/state");
  return join(state, "assay", "knowledge.jsonl");
}

/** One file of JSON Lines that is only appended to, each lesson in one write; a moment is a length in bytes. */
export class JsonlKnowledge implements Knowledge {
  readonly path: string;

  constructor(path = knowledgePath()) {
    this.path = path;
  }

  async read(moment?: number): Promise<KnownMethods> {
    const bytes = await this.#bytes();
    const known = bytes.subarray(0, wholeLines(bytes, moment ?? bytes.length));
    const records = new Records(parse(known));
    return { moment: known.length, weight: (question, seed) => records.weight(question, seed) };
  }

  async lessons(): Promise<Lesson[]> {
    return [...parse(await this.#bytes())];
  }

  async add(lessons: readonly Lesson[]): Promise<void> {
    if (lessons.length === 0) return;
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await using file = await open(this.path, "a+", 0o600);
      const { size } = await file.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await file.read(last, 0, 1, size - 1);
      // A line that was cut off by a crash stays a line of its own.
      const lead = size === 0 || last[0] === 10 ? "" : "\n";
      await file.appendFile(lead + lessons.map((lesson) => `${JSON.stringify(lesson)}\n`).join(""));
      await file.datasync();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const full = code === "ENOSPC" || code === "EDQUOT";
      raise(full ? "disk-full" : "state-not-writable", `cannot write ${this.path}: ${message}`);
    }
  }

  async reset(): Promise<number> {
    const count = (await this.lessons()).length;
    const aside = `${this.path}.${process.pid}.old`;
    try {
      await rename(this.path, aside);
      await rm(aside);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT") raise("state-not-writable", `cannot remove ${this.path}: ${message}`);
    }
    return count;
  }

  async #bytes(): Promise<Buffer> {
    try {
      return await readFile(this.path);
    } catch {
      // Nothing learned yet, or not to be read: the seeds do.
      return Buffer.alloc(0);
    }
  }
}

/** Length of the whole lines among the first `most` bytes. */
function wholeLines(bytes: Buffer, most: number): number {
  return bytes.subarray(0, most).lastIndexOf(10) + 1;
}

function* parse(bytes: Buffer): Iterable<Lesson> {
  for (const line of bytes.toString("utf8").split("\n")) {
    try {
      const lesson = lessonSchema.safeParse(JSON.parse(line));
      if (lesson.success) yield lesson.data;
    } catch {
      // A line that was cut off.
    }
  }
}
