import {
  type Admission,
  addSpending,
  admit,
  type Budget,
  limitsOf,
  nothingSpent,
  remaining,
  type Spending,
} from "#domain";
import type { History } from "./history.ts";
import { parseBudget } from "./parse-budget.ts";

/** Admission control over one run: what was spent, what is set aside, what is left. */
export class BudgetBook {
  readonly total: Budget;
  readonly #history: History;
  readonly #reserved = new Map<string, Partial<Spending>>();
  /** By earlier executions, while they asked somebody. */
  readonly #abandoned: Spending;
  #visited: Spending = nothingSpent;

  constructor(total: Budget, history: History, abandoned: Spending) {
    this.total = total;
    this.#history = history;
    this.#abandoned = abandoned;
    // From the beginning: what is asked for before the code comes past a child must not take what that one may still spend.
    for (const [key, child] of history.children) {
      const scope = `child:${key}`;
      const limits = parseBudget(child.budget);
      if (limits !== undefined && !history.settled.has(scope)) this.#reserved.set(scope, limitsOf(limits));
    }
  }

  /** Parts of this run with limits of their own that are not settled. */
  get openChildren(): number {
    return [...this.#reserved.keys()].filter((scope) => scope.startsWith("child:")).length;
  }

  /** Admitted against everything journaled, also what this replay has not come to yet. */
  reserve(scope: string, worstCase: Partial<Spending>): Admission {
    const admission = admit(this.total, this.#settled(), sum([...this.#reserved.values()]), worstCase);
    if (admission.kind === "admitted") this.#reserved.set(scope, worstCase);
    return admission;
  }

  release(scope: string): void {
    this.#reserved.delete(scope);
  }

  /** The workflow's code has come past this settlement. */
  visit(spent: Partial<Spending>): void {
    this.#visited = addSpending(this.#visited, spent);
  }

  spent(): Spending {
    return this.#visited;
  }

  remaining(): Budget {
    return remaining(this.total, this.#visited);
  }

  unreserved(): Budget {
    return remaining(this.total, addSpending(this.#settled(), sum([...this.#reserved.values()])));
  }

  #settled(): Spending {
    return sum([this.#abandoned, ...[...this.#history.settled.values()].map((event) => event.spent)]);
  }
}

function sum(parts: readonly Partial<Spending>[]): Spending {
  return parts.reduce<Spending>(addSpending, nothingSpent);
}
