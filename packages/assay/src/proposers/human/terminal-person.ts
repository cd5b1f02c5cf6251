import { createInterface } from "node:readline";
import { raise } from "#domain";
import type { PersonAtTerminal, Typed } from "./person-at-terminal.ts";
import { isOneLine } from "./typed-answer.ts";
import { visible } from "./visible.ts";

export type TerminalPersonOptions = {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** Called before anything is shown, e.g. to take away a line that is drawn again and again. */
  onAsk?: () => void;
};

const shownCharactersMax = 200_000;
const typedCharactersMax = 256 * 1024;
const hint = `
Type or paste a diff and end it with a line that is a dot, or type one of:
  file PATH      the answer is in this file
  opinion TEXT   what you think, for whoever is asked next
  skip           nothing from you
Ctrl-C pauses the run.
> `;

/** Somebody at a terminal, line by line: no screen is taken over, so that what was said before stays there to be read. */
export class TerminalPerson implements PersonAtTerminal {
  readonly #options: TerminalPersonOptions;

  constructor(options: TerminalPersonOptions) {
    this.#options = options;
  }

  async ask(shown: string, signal?: AbortSignal): Promise<Typed> {
    const { input, output, onAsk } = this.#options;
    onAsk?.();
    output.write(`\n${visible(shown, shownCharactersMax)}${hint}`);
    // Not in raw mode: the terminal itself turns Ctrl-C into a signal, as everywhere else in a run.
    const lines = createInterface({ input, terminal: false, ...(signal === undefined ? {} : { signal }) });
    try {
      const typed: string[] = [];
      let characters = 0;
      for await (const line of lines) {
        if (typed.length === 0 && line.trim() === "") continue;
        if (typed.length === 0 && isOneLine(line)) return { kind: "text", text: line };
        if (line === ".") return { kind: "text", text: typed.join("\n") };
        typed.push(line);
        characters += line.length + 1;
        if (characters > typedCharactersMax) return { kind: "text", text: typed.join("\n") };
      }
      if (signal?.aborted) raise("interrupted", "interrupted while a person was asked");
      // Whoever ends the input without the dot has not finished.
      return { kind: "left" };
    } finally {
      lines.close();
    }
  }
}
