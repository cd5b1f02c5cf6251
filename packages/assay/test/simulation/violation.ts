/** A promise that the system did not keep. */
export type Violation = {
  rule:
    | "an acknowledged event is there, once, in order"
    | "only the newest claim writes"
    | "a living owner keeps its run"
    | "an idempotency key counts once"
    | "an effect happens once"
    | "a finished step is not executed again"
    | "a budget is not passed"
    | "the chain holds"
    | "nobody is told of a defect"
    | "a run ends with the result that it would have had undisturbed"
    | "at most one token of a task is valid"
    | "a task's result counts once";
  detail: string;
};

export class ViolationError extends Error {
  readonly violation: Violation;
  constructor(rule: Violation["rule"], detail: string) {
    super(`${rule}: ${detail}`);
    this.violation = { rule, detail };
  }
}
