import { setTimeout as delay } from "node:timers/promises";
import { raise } from "#domain";
import { canonicalJson, type PersonQuestion, type ProposalRequest, type Workspace } from "#ports";
import { type Mailbox, readAnswerFile } from "./mailbox.ts";
import type { PersonAtTerminal } from "./person-at-terminal.ts";
import { type Given, takeAnswer } from "./take-answer.ts";
import { typedAnswer } from "./typed-answer.ts";
import { visibleLine } from "./visible.ts";

export type Awaiting = {
  mailbox: Mailbox;
  /** The project, to try a change on. */
  open: () => Promise<Workspace>;
  terminal: PersonAtTerminal | undefined;
  waitMsMax: number;
  pollMs: number;
};

/**
 * Waits for an answer that can be used: what is in the outbox already comes before the terminal.
 * Throws `waiting-for-signal` when there is none in time, or the person at the terminal left.
 */
export async function awaitAnswer(
  awaiting: Awaiting,
  request: ProposalRequest,
  place: PersonQuestion,
  question: string,
): Promise<Given> {
  const { mailbox, open, terminal, waitMsMax, pollMs } = awaiting;
  const deadline = performance.now() + waitMsMax;
  let problems: readonly string[] = [];
  let seen: string | undefined;
  for (let look = 0; ; look += 1) {
    const found = await mailbox.answer(place.signal);
    const known = canonicalJson(found);
    // What appears while it is waited for may be half written: it is taken when it has stopped changing.
    if (found.kind !== "none" && (look === 0 || known === seen)) {
      const taken = await takeAnswer(open, found, "outbox");
      if (taken.kind === "given") return taken.given;
      problems = taken.problems;
      await mailbox.complain(place.signal, complaint(place, problems));
    }
    seen = known;
    if (terminal !== undefined) return atTerminal(terminal, awaiting, request, place, question);
    if (performance.now() >= deadline) raiseWaiting(request, place, problems);
    await pause(pollMs, request.signal);
  }
}

async function atTerminal(
  terminal: PersonAtTerminal,
  { open }: Awaiting,
  request: ProposalRequest,
  place: PersonQuestion,
  question: string,
): Promise<Given> {
  let shown = question;
  for (;;) {
    const typed = await terminal.ask(shown, request.signal);
    if (typed.kind === "left") raiseWaiting(request, place, []);
    const meant = typedAnswer(typed.text);
    const found =
      meant.kind === "file" ? await readAnswerFile(meant.path) : ({ kind: "text", text: meant.text } as const);
    const taken = await takeAnswer(open, found, "terminal");
    if (taken.kind === "given") return taken.given;
    shown = `That cannot be used:\n${taken.problems.map((problem) => `- ${problem}`).join("\n")}\n`;
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (!signal?.aborted) throw error;
    raise("interrupted", "interrupted while a person was asked");
  }
}

function complaint({ outbox }: PersonQuestion, problems: readonly string[]): string {
  return [
    "# The answer cannot be used",
    `${outbox}:`,
    problems.map((problem) => `- ${visibleLine(problem)}`).join("\n"),
    "Mend it, then go on with `assay resume`.",
    "",
  ].join("\n\n");
}

function raiseWaiting({ run }: ProposalRequest, { inbox, outbox }: PersonQuestion, problems: readonly string[]): never {
  const resume = `assay resume ${run ?? ""}`.trim();
  const [first] = problems;
  if (first === undefined) {
    raise("waiting-for-signal", `a person is asked: ${inbox}`, `put the answer into ${outbox}, then: ${resume}`);
  }
  const rest = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  raise(
    "waiting-for-signal",
    `the answer in ${outbox} cannot be used: ${visibleLine(first)}${rest}`,
    `mend it, then: ${resume}`,
  );
}
