import { recordCassette } from "./record.ts";
import { replayCassette } from "./replay.ts";

/** Conversations with models on a tape: recorded once through a proxy, replayed in their order without the model. */
export const Cassette = { record: recordCassette, replay: replayCassette };
