/** Something that was tried: for which run, at which worker if not here, and, where it failed for what no run can help, how. */
export type WorkTried = { run: string; worker?: string; infrastructure?: string };

/** So many failures for reasons of infrastructure, at least this share of what was tried, from so many runs. */
type Threshold = { failuresMin: number; shareMin: number; runsMin: number };

export type SystemPolicy = {
  /** What was tried longer ago says nothing any more. */
  windowMs: number;
  coolDownMs: number;
  /** Of what this process does itself. */
  own: Threshold;
  /** Of everything, here and at workers. */
  all: Threshold & { workersMin: number };
};

/** Newer ones push the oldest out. */
const keptMax = 1_000;

/** What was tried lately, here and at workers, and whether it is the system that fails. */
export class RecentWork {
  readonly #policy: SystemPolicy;
  #tried: (WorkTried & { at: number })[] = [];

  constructor(policy: SystemPolicy) {
    this.#policy = policy;
  }

  add(work: WorkTried, now: number): void {
    this.#tried.push({ ...work, at: now });
    if (this.#tried.length > keptMax) this.#tried.shift();
  }

  /** What happened before is settled. */
  clear(): void {
    this.#tried = [];
  }

  /** Why no more should be tried now; `undefined`: what fails is some runs' or workers' own. */
  problem(now: number): string | undefined {
    const { windowMs, own, all } = this.#policy;
    const recent = this.#tried.filter(({ at }) => at > now - windowMs);
    const here = recent.filter(({ worker }) => worker === undefined);
    if (isOver(here, own)) return `${countOf(here)} here: ${lastOf(here)}`;
    const workers = new Set(failuresOf(recent).flatMap(({ worker }) => worker ?? []));
    if (!isOver(recent, all) || workers.size < all.workersMin) return undefined;
    return `${countOf(recent)}, at ${workers.size} workers: ${lastOf(recent)}`;
  }
}

function isOver(tried: readonly WorkTried[], { failuresMin, shareMin, runsMin }: Threshold): boolean {
  const failures = failuresOf(tried);
  const runs = new Set(failures.map(({ run }) => run));
  return failures.length >= failuresMin && failures.length >= shareMin * tried.length && runs.size >= runsMin;
}

function failuresOf(tried: readonly WorkTried[]): readonly WorkTried[] {
  return tried.filter(({ infrastructure }) => infrastructure !== undefined);
}

function countOf(tried: readonly WorkTried[]): string {
  return `${failuresOf(tried).length} of the last ${tried.length} tries failed`;
}

function lastOf(tried: readonly WorkTried[]): string {
  return failuresOf(tried).at(-1)?.infrastructure ?? "";
}
