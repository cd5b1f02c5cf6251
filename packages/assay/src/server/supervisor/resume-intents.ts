import { z } from "zod";
import { type RunId, runId } from "#domain";
import { Turns } from "#engine";
import type { Settings } from "#ports";
import type { DriveRequest } from "./drive.ts";

const settingName = "resumes";

const requestSchema: z.ZodType<DriveRequest> = z.strictObject({
  secondsMax: z.number().exactOptional(),
  attemptsMax: z.number().exactOptional(),
  candidatesMax: z.number().exactOptional(),
  usdMax: z.number().exactOptional(),
  tokensMax: z.number().exactOptional(),
  requestsMax: z.number().exactOptional(),
  apply: z.boolean().exactOptional(),
  force: z.boolean().exactOptional(),
});

const intentSchema = z.object({
  run: z.string().transform((name) => runId(name)),
  /** The run's last event when it was asked for: a claim behind it was given what was asked for. Absent: it was claimed. */
  after: z.int().optional(),
  request: requestSchema,
});

/** To go on with a run, as it was acknowledged to whoever asked. */
export type ResumeIntent = z.infer<typeof intentSchema>;

const intentsSchema = z.array(intentSchema);

/**
 * One tenant's runs that somebody was told will go on, until they do; kept as one setting, which nothing else writes. One change at a
 * time: what is in memory is what is on the disk. Throws what `Settings` throw.
 */
export class ResumeIntents {
  readonly #settings: Settings;
  #known: ReadonlyMap<RunId, ResumeIntent> | undefined;
  readonly #turns = new Turns();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Settles when it would outlive this process. */
  keep(intent: ResumeIntent): Promise<void> {
    return this.#change((intents) => intents.set(intent.run, intent));
  }

  drop(run: RunId): Promise<void> {
    return this.#change((intents) => intents.delete(run));
  }

  /** The run was claimed with what was asked for. What is to be done at its end is left. */
  claimed(run: RunId): Promise<void> {
    return this.#change((intents) => {
      const left = intents.get(run)?.request.apply === true;
      if (left) return intents.set(run, { run, request: { apply: true } });
      return intents.delete(run);
    });
  }

  all(): Promise<ReadonlyMap<RunId, ResumeIntent>> {
    return this.#turns.take(() => this.#read());
  }

  async settled(): Promise<void> {
    await this.#turns.take(async () => undefined);
  }

  /** `change` gives `false` where there is nothing to change. */
  #change(change: (intents: Map<RunId, ResumeIntent>) => unknown): Promise<void> {
    return this.#turns.take(async () => {
      const intents = new Map(await this.#read());
      if (change(intents) === false) return;
      if (intents.size === 0) await this.#settings.remove(settingName);
      else await this.#settings.set(settingName, JSON.stringify([...intents.values()]));
      this.#known = intents;
    });
  }

  async #read(): Promise<ReadonlyMap<RunId, ResumeIntent>> {
    if (this.#known === undefined) {
      const text = await this.#settings.get(settingName);
      const intents = text === undefined ? [] : intentsSchema.parse(JSON.parse(text));
      this.#known = new Map(intents.map((intent) => [intent.run, intent]));
    }
    return this.#known;
  }
}
