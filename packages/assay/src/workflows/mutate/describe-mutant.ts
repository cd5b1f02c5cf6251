import type { Mutant } from "#oracle";
import { languageOf, type NamedFunction, namedFunctions, operatorTitles, parseSource } from "#syntax";
import type { MutantResult } from "./mutation.ts";

type Described = Pick<
  MutantResult,
  "file" | "line" | "function" | "fault" | "operator" | "start" | "end" | "replacement"
>;

/** Tells of mutants what they are, without what became of them; reads each file once. */
export class MutantDescriptions {
  readonly #functions = new Map<string, readonly NamedFunction[]>();

  of({ file, line, operator, source, edit: { start, end, replacement } }: Mutant): Described {
    // What is taken away goes with the white space behind it, which may be behind the function's end, too.
    const last = start + source.slice(start, end).trimEnd().length;
    const around = this.#functionsOf(file, source).findLast((one) => one.start <= start && last <= one.end);
    const fault = operatorTitles[operator];
    const name = around === undefined ? {} : { function: around.name };
    return { file, line, ...name, fault, operator, start, end, replacement };
  }

  #functionsOf(file: string, source: string): readonly NamedFunction[] {
    const known = this.#functions.get(file);
    if (known !== undefined) return known;
    const language = languageOf(file);
    const parsed = language && parseSource(language, source);
    const functions = parsed?.kind === "parsed" ? namedFunctions(parsed.tree) : [];
    this.#functions.set(file, functions);
    return functions;
  }
}
