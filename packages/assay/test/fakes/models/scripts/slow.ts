import type { Pace, ScriptedModel } from "../reply.ts";

/** Another model's answers, dribbled: so many characters, then a pause. Not streaming, it is silent for as long and then answers. */
export function slow(model: ScriptedModel, pace: Pace): ScriptedModel {
  return (conversation, n) => {
    const reply = model(conversation, n);
    return reply.kind === "answer" ? { ...reply, pace } : reply;
  };
}
