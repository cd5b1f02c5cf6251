import type { ModelCall } from "@assay/sdk";
import { type CouncilOutcome, councilPrompt } from "#council";
import type { Run } from "#engine";
import type { Blobs, LanguageModel, ModelAnswer, ModelRequest } from "#ports";
import { askModel } from "../ask-model.ts";

/** Asks judges, and tells of the calls when it is known what became of their answers. */
export class Polling {
  readonly #run: Run;
  readonly #blobs: Blobs;
  readonly #calls = new Map<string, ModelCall>();

  constructor(run: Run, blobs: Blobs) {
    this.#run = run;
    this.#blobs = blobs;
  }

  async ask(key: string, model: LanguageModel, request: ModelRequest): Promise<ModelAnswer> {
    const { answer, call } = await askModel(this.#run, this.#blobs, key, model, councilPrompt, request);
    this.#calls.set(key, call);
    return answer;
  }

  /** In the order of the keys: which judge answers first is chance, and the record is not. */
  async tell({ ballots }: CouncilOutcome): Promise<void> {
    const readings = new Map(ballots.flatMap(({ readings }) => readings).map(({ key, outcome }) => [key, outcome]));
    for (const [key, call] of [...this.#calls].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await this.#run.emit({
        type: "model-asked",
        proposer: "council",
        ...call,
        outcome: readings.get(key) ?? call.outcome,
      });
    }
  }
}
