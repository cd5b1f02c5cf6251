import { knownMethods } from "#app";
import type { Handlers } from "../handlers.ts";

/** What was learned on this machine, by whoever ran Assay under the daemon's account. */
export function knowledgeHandlers(): Pick<Handlers, "listKnowledge"> {
  return {
    listKnowledge: async () => {
      // Where nothing is learned, nothing is known.
      if (process.env.ASSAY_KNOWLEDGE === "off") return { items: [] };
      const { methods, proposers } = await knownMethods();
      return {
        items: [
          ...methods.map((method) => ({ about: "method", ...method })),
          ...proposers.map((proposer) => ({ about: "proposer", ...proposer })),
        ],
      };
    },
  };
}
