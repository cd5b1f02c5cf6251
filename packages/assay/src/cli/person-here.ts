import type { Driven, DriveOptions, OpenProject, PersonOptions } from "#app";
import { TerminalPerson } from "#proposers";
import { askApproval } from "./ask-approval.ts";

/** Whoever sits at the terminal, if anybody does. */
export type PersonHere = {
  /** How they are asked to propose. */
  options: PersonOptions;
  /** Asks them about a change that waits for approval, and goes on with the run. */
  askApproval(project: OpenProject, driven: Driven, driving: DriveOptions & { signal: AbortSignal }): Promise<Driven>;
};

/** Somebody is here when both ends are a terminal, and what is printed is for people. `onAsk`: before anything is asked. */
export function personHere({ json, wait }: { json?: boolean; wait?: number }, onAsk: () => void): PersonHere {
  const { stdin: input, stdout: output } = process;
  const isHere = input.isTTY === true && output.isTTY === true && json !== true;
  return {
    options: {
      ...(isHere ? { terminal: new TerminalPerson({ input, output, onAsk }) } : {}),
      ...(wait === undefined ? {} : { waitMsMax: wait * 1000 }),
    },
    async askApproval(project, driven, driving) {
      if (!isHere) return driven;
      onAsk();
      const desk = { input, output, signal: driving.signal };
      return askApproval(project, driven, desk, () => project.resume(driven.runId, driving));
    },
  };
}
