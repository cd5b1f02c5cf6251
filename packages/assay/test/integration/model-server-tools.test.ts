import { generateText, isStepCount, tool } from "ai";
import { expect, test } from "vitest";
import { z } from "zod";
import { uninvitedTool } from "../fakes/models/faults.ts";
import { modelServer } from "../fakes/models/model-server.ts";
import { inTurn } from "../fakes/models/scripts/in-turn.ts";
import { clients } from "../support/ask-model.ts";

test.each(Object.entries(clients))(
  "%s: a client calls the tool that it offered, and says what came of it",
  async (_name, client) => {
    await using server = await modelServer({ models: { m: inTurn([uninvitedTool("add", { a: 1, b: 2 }), "three"]) } });
    const add = tool({
      description: "Adds.",
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      execute: async ({ a, b }) => ({ sum: a + b }),
    });
    const model = client(server.url, "m");
    const asked = { model, prompt: "What is 1 + 2?", tools: { add }, stopWhen: isStepCount(2), maxRetries: 0 };
    const { text, steps } = await generateText(asked);
    expect(text).toBe("three");
    expect(steps[0]?.toolResults.map((result) => result.output)).toEqual([{ sum: 3 }]);
  },
);
