import type { SandboxSession } from "#ports";

/** What begins an examiner's frame for the candidate, and its last word to us. */
const forCandidate = ">";
const lastWord = "=";

export type Relayed = {
  examiner: SandboxSession;
  candidate: SandboxSession;
  /** Of one of the candidate's frames. */
  frameBytesMax: number;
  /** Of everything, on our clock. */
  wallMsMax: number;
  signal?: AbortSignal;
};

/** How it ended; the first cause wins. */
export type RelayEnd =
  /** The examiner's last word. */
  | { kind: "told"; line: string }
  | { kind: "candidate-ended" }
  | { kind: "examiner-ended" }
  | { kind: "late" }
  | { kind: "cancelled" }
  /** A frame of the candidate's is longer than allowed. */
  | { kind: "flood" }
  /** A frame of the candidate's that nobody waits for. */
  | { kind: "out-of-turn" };

/**
 * Joins two commands that never share a namespace: what one says, the other hears. They take turns strictly, the examiner first, so a
 * frame that the candidate's code writes beside an answer is noticed and never kept for later. Ends neither of them.
 */
export async function relay({ examiner, candidate, frameBytesMax, wallMsMax, signal }: Relayed): Promise<RelayEnd> {
  const { promise, resolve } = Promise.withResolvers<RelayEnd>();
  let candidateTurn = false;
  let answered = false;
  let candidateGone = false;
  const onAbort = () => resolve({ kind: "cancelled" });
  const timer = setTimeout(() => resolve({ kind: "late" }), wallMsMax);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted === true) onAbort();

  const hearExaminer = async () => {
    for await (const line of examiner.lines) {
      if (line.startsWith(lastWord)) return resolve({ kind: "told", line: line.slice(1) });
      if (!line.startsWith(forCandidate) || candidateTurn) break;
      if (candidateGone) return resolve({ kind: "candidate-ended" });
      candidateTurn = true;
      candidate.send(line.slice(1));
    }
    resolve({ kind: "examiner-ended" });
  };
  const hearCandidate = async () => {
    for await (const line of candidate.lines) {
      if (!candidateTurn) return resolve({ kind: "out-of-turn" });
      // In UTF-16 units first: counting the bytes of what is far too long is work for nothing.
      if (line.length > frameBytesMax || Buffer.byteLength(line) > frameBytesMax) return resolve({ kind: "flood" });
      candidateTurn = false;
      answered = true;
      examiner.send(line);
    }
    // It may end behind its last answer: what that was worth is the examiner's to say, who has it.
    if (answered && !candidateTurn) candidateGone = true;
    else resolve({ kind: "candidate-ended" });
  };
  void hearExaminer();
  void hearCandidate();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
