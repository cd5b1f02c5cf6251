import type { GuardrailFinding, Reason } from "@assay/sdk";

/** A candidate as it was applied: the paths it changes, its diff, and the files with it. */
export type Applied = {
  changed: readonly string[];
  diff: string;
  read: (path: string) => Promise<string | undefined>;
};

/** What rules flag on the lines that a candidate adds, and why it is rejected without being run, where it is. */
export type Vetted = { findings: GuardrailFinding[]; refusal?: Reason };

/** Looks at a candidate before anything of it is run; what it says depends on the candidate alone. */
export type Vet = (applied: Applied) => Promise<Vetted>;
