// Runs inside the sandbox: edits that a test cannot tell apart. Wherever the test comes by the place of one, the others have the value there
// that this one has, so that the test makes of them what it makes of this one. The values are asked for while the test runs on the one.

/** What asking may take of a test's time. */
const msMax = 50;

export class Alike {
  /** By place: the edits there that had the same values so far; none of places that the test did not come by. */
  #live = new Map();
  #isAsking = false;
  #busy = false;
  #left = 0;

  /** Whether to ask from now on. */
  ask(isAsking) {
    this.#isAsking = isAsking;
  }

  /** Before each test. */
  restart() {
    this.#live.clear();
    this.#left = msMax;
  }

  /** The edits asked about at a place that could not be told from the one in force; none where the test did not come by. */
  at(place) {
    return this.#left < 0 ? [] : [...(this.#live.get(place) ?? [])];
  }

  /** Whether the test came by the place. */
  met(place) {
    return this.#live.has(place);
  }

  /** What `own` gives, or throws. `meter.used` stays as it is. */
  same(meter, place, truth, own, others) {
    const live = this.#live.get(place) ?? new Set(others.map(([edit]) => edit));
    if (!this.#isAsking || this.#busy || this.#left < 0 || live.size === 0) return own();
    this.#live.set(place, live);
    const { used } = meter;
    const began = performance.now();
    this.#busy = true;
    const made = others.filter(([edit]) => live.has(edit)).map(([edit, other]) => [edit, outcomeOf(other)]);
    this.#busy = false;
    meter.used = used;
    const mine = outcomeOf(own);
    for (const [edit, outcome] of made) if (!isSame(mine, outcome, truth)) live.delete(edit);
    this.#left -= performance.now() - began;
    if (Object.hasOwn(mine, "error")) throw mine.error;
    return mine.value;
  }
}

function outcomeOf(work) {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

function isSame(a, b, truth) {
  if (Object.hasOwn(a, "error") || Object.hasOwn(b, "error")) {
    return a.error instanceof Error && b.error instanceof Error && String(a.error) === String(b.error);
  }
  return truth ? Boolean(a.value) === Boolean(b.value) : Object.is(a.value, b.value);
}
