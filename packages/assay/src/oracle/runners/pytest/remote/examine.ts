import { z } from "zod";
import { channelBytesMax, type Execution, type ExecutionRequest, type Sandbox, type SandboxSession } from "#ports";
import { testsMax, textLengthMax } from "../../event-stream.ts";
import type { NotCovered } from "./run-out-of-process.ts";

type Side = { command: ExecutionRequest; request: object };

export type Examination = {
  /** The examiner's events, as its runner wrote them. */
  lines: string[];
  notes: NotCovered[];
  execution: Omit<Execution, "channel" | "written">;
};

const noteSchema = z.object({ test: z.string().max(textLengthMax), reason: z.string().max(textLengthMax) });

/** Of one frame of the candidate, in characters. */
const frameLengthMax = 8 * 1024 * 1024;
/** Of all frames of one run, in characters, in each direction. */
const framesLengthMax = 1024 * 1024 * 1024;

/** Opens a session for each side and carries frames between them until the examiner ends. */
export async function examine(sandbox: Sandbox, sides: { candidate: Side; examiner: Side }): Promise<Examination> {
  await using candidate = await sandbox.open(sides.candidate.command);
  await using examiner = await sandbox.open(sides.examiner.command);
  candidate.send(JSON.stringify(sides.candidate.request));
  examiner.send(JSON.stringify(sides.examiner.request));
  const answering = carryAnswers(candidate, examiner);
  const { lines, notes } = await carryQuestions(examiner, candidate);
  const execution = await examiner.ended;
  await candidate[Symbol.asyncDispose]();
  await answering;
  return { lines, notes, execution };
}

async function carryAnswers(candidate: SandboxSession, examiner: SandboxSession): Promise<void> {
  let length = 0;
  for await (const line of candidate.lines) {
    length += line.length;
    if (line.length > frameLengthMax || length > framesLengthMax) break;
    examiner.send(line);
  }
  // What the candidate's end means is for the examiner to say: an answer that is none breaks the connection there.
  examiner.send("null");
}

async function carryQuestions(
  examiner: SandboxSession,
  candidate: SandboxSession,
): Promise<Pick<Examination, "lines" | "notes">> {
  const lines: string[] = [];
  const notes: NotCovered[] = [];
  let left = channelBytesMax;
  for await (const line of examiner.lines) {
    if (line.startsWith(">")) {
      candidate.send(line.slice(1));
      continue;
    }
    left -= line.length;
    if (left < 0) {
      notes.push({ test: "", reason: "the examiner wrote too much" });
      break;
    }
    if (!line.startsWith("?")) lines.push(line);
    else if (notes.length < testsMax) notes.push(parseNote(line.slice(1)));
  }
  return { lines, notes };
}

/** A note that cannot be read still stands: something was not covered. */
function parseNote(line: string): NotCovered {
  try {
    return noteSchema.parse(JSON.parse(line));
  } catch {
    return { test: "", reason: "a test was not covered, for a reason that could not be read" };
  }
}
