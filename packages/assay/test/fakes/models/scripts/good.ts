import type { Reply, ScriptedModel } from "../reply.ts";
import { toReply } from "../reply.ts";

/** Gives the same answer to everything: the right one, in a test that knows it. */
export function good(answer: Reply | string): ScriptedModel {
  return () => toReply(answer);
}
