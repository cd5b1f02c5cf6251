import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FaultError, raise } from "#domain";

/** Of one answer. */
const answerBytesMax = 256 * 1024;

export type FoundAnswer = { kind: "none" } | { kind: "text"; text: string } | { kind: "unusable"; problem: string };

/** Questions as files in `inbox/`, answers as files in `outbox/`, both named by the question. Links are never followed. */
export class Mailbox {
  readonly #directory: string;

  /** `directory` belongs to Assay: nobody else writes to it but the person who is asked. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  inbox(id: string): string {
    return join(this.#directory, "inbox", `${id}.md`);
  }

  outbox(id: string): string {
    return join(this.#directory, "outbox", `${id}.md`);
  }

  problem(id: string): string {
    return join(this.#directory, "inbox", `${id}.problem.md`);
  }

  /** Faults: `disk-full`, `state-not-writable`. */
  async pose(id: string, question: string): Promise<void> {
    await makeFolder(dirname(this.outbox(id)));
    await write(this.inbox(id), question);
  }

  /** Says what is wrong with the answer; without a text, that nothing is. */
  async complain(id: string, problem: string | undefined): Promise<void> {
    if (problem === undefined) await rm(this.problem(id), { force: true });
    else await write(this.problem(id), problem);
  }

  /** The question is answered. The answer itself stays where the person put it. */
  async settle(id: string): Promise<void> {
    await rm(this.inbox(id), { force: true });
    await this.complain(id, undefined);
  }

  async answer(id: string): Promise<FoundAnswer> {
    const folder = await lstat(dirname(this.outbox(id))).catch(() => undefined);
    if (folder !== undefined && !folder.isDirectory()) return { kind: "unusable", problem: "outbox is not a folder" };
    return readAnswerFile(this.outbox(id));
  }
}

/** A person's text file: ordinary, bounded, UTF-8. */
export async function readAnswerFile(path: string): Promise<FoundAnswer> {
  const unusable = (problem: string): FoundAnswer => ({ kind: "unusable", problem });
  try {
    // A pipe that nobody writes to must not make this wait.
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const status = await file.stat();
    if (!status.isFile()) return unusable("it is not an ordinary file");
    const { bytesRead, buffer } = await file.read(Buffer.alloc(answerBytesMax + 1), 0, answerBytesMax + 1, 0);
    if (bytesRead > answerBytesMax) return unusable(`it is larger than ${answerBytesMax} bytes`);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(buffer.subarray(0, bytesRead));
    return text.includes("\0") ? unusable("it contains a NUL character") : { kind: "text", text };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { kind: "none" };
    if (code === "ELOOP") return unusable("it is a link, and links are not followed");
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return unusable("it is not UTF-8");
    return unusable(`it cannot be read: ${code ?? (error as Error).message}`);
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (!(await lstat(path)).isDirectory()) raise("state-not-writable", `${path} is not a folder`, "remove it");
  } catch (error) {
    raiseWriteFault(path, error);
  }
}

/** Complete or not at all: who looks into the folder never sees half a question. */
async function write(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path));
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await using file = await open(temporary, "wx", 0o600);
    await file.writeFile(text);
    await file.sync();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    raiseWriteFault(path, error);
  }
}

function raiseWriteFault(path: string, error: unknown): never {
  if (error instanceof FaultError) throw error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") raise("disk-full", `no space left to write ${path}`, "free some space");
  raise("state-not-writable", `${path} cannot be written: ${message}`, "make its folder one that can be written");
}
