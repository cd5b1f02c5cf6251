import type { RunEvent } from "@assay/sdk";

/** An event of some run, read and serialised once for everybody who is shown it. */
export type TailedEvent = {
  position: number;
  event: RunEvent;
  /** JSON of a `PositionedEvent`. */
  json: string;
};

/** The end of the journal in memory: everything behind one position, bounded in number and in characters of JSON. */
export class RecentEvents {
  readonly #eventsMax: number;
  readonly #charactersMax: number;
  #events: TailedEvent[] = [];
  #characters = 0;
  #from: number;
  #through: number;

  /** Empty, and complete behind `position`. */
  constructor(position: number, eventsMax: number, charactersMax: number) {
    this.#from = position;
    this.#through = position;
    this.#eventsMax = eventsMax;
    this.#charactersMax = charactersMax;
  }

  /** Everything up to this position was seen. */
  get through(): number {
    return this.#through;
  }

  /** Whether all that stands behind this position, as far as `through`, is here. */
  holdsAllAfter(position: number): boolean {
    return position >= this.#from;
  }

  /** Of a page that follows what is here; `through` may lie behind its last event. */
  add(events: readonly TailedEvent[], through: number): void {
    this.#events.push(...events);
    for (const { json } of events) this.#characters += json.length;
    this.#through = Math.max(this.#through, through);
    this.#forget();
  }

  /** At most `eventsMax` of those with a higher position, in order. */
  after(position: number, eventsMax: number): TailedEvent[] {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.position ?? Number.POSITIVE_INFINITY) <= position) low = middle + 1;
      else high = middle;
    }
    return this.#events.slice(low, low + eventsMax);
  }

  #forget(): void {
    let gone = 0;
    let characters = this.#characters;
    while (this.#events.length - gone > this.#eventsMax || characters > this.#charactersMax) {
      const oldest = this.#events[gone];
      if (oldest === undefined) break;
      characters -= oldest.json.length;
      this.#from = oldest.position;
      gone += 1;
    }
    if (gone > 0) this.#events = this.#events.slice(gone);
    this.#characters = characters;
  }
}
