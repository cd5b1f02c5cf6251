import { type Problem, problemSchema } from "../api/views.ts";

/** What went wrong with a call, as the daemon says it. Without an answer of the daemon, `status` is 0. */
export class AssayProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = "AssayProblem";
    this.problem = problem;
  }

  /** A fault's code, e.g. `run-not-found`, `unauthorized`, `daemon-unreachable`. */
  get code(): string {
    return this.problem.code;
  }

  /** Of the HTTP answer; 0: there was none. */
  get status(): number {
    return this.problem.status;
  }
}

/** A problem that this side has noticed. */
export function ownProblem(
  code: string,
  status: number,
  detail: string,
  remedy: string,
  cause?: unknown,
): AssayProblem {
  const type = `urn:assay:fault:${code}`;
  return new AssayProblem({ type, title: code, status, detail, instance: "", code, remedy }, { cause });
}

/** Of an answer that is none of success; one that is no problem document is told as what it is. */
export function answeredProblem(status: number, text: string): AssayProblem {
  const { data } = problemSchema.safeParse(parseJson(text));
  if (data !== undefined) return new AssayProblem(data);
  const detail = `the answer has status ${status} and is none of Assay's`;
  return ownProblem("daemon-unreachable", status, detail, "check that the address is that of an Assay daemon");
}

/** `undefined` for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
