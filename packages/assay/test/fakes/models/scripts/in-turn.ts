import { type Reply, type ScriptedModel, toReply } from "../reply.ts";

/** Gives one reply after the other. A call too many is an error of the test: it throws. */
export function inTurn(replies: readonly (Reply | string)[]): ScriptedModel {
  return (_conversation, n) => {
    const reply = replies[n];
    if (reply === undefined) throw new Error(`the script has ${replies.length} replies; this is call ${n + 1}`);
    return toReply(reply);
  };
}
