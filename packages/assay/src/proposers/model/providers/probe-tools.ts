import type { LanguageModelV4 } from "@ai-sdk/provider";

const wallMsMax = 60_000;
const outputTokensMax = 256;

/** Whether a model calls a tool that it is given and told to call; `undefined` where it could not be asked. Assay itself gives models none. */
export async function probeTools(model: LanguageModelV4, signal?: AbortSignal): Promise<boolean | undefined> {
  const limit = AbortSignal.timeout(wallMsMax);
  try {
    const { content } = await model.doGenerate({
      prompt: [{ role: "user", content: [{ type: "text", text: "Call the tool `ready`." }] }],
      maxOutputTokens: outputTokensMax,
      tools: [
        {
          type: "function",
          name: "ready",
          description: "Says that you are ready.",
          inputSchema: { type: "object", properties: {}, additionalProperties: false },
        },
      ],
      abortSignal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    return content.some((part) => part.type === "tool-call" && part.toolName === "ready");
  } catch {
    // Some servers refuse requests with tools: that is an answer, too.
    return signal?.aborted || limit.aborted ? undefined : false;
  }
}
