import type { CallToolResult, McpServer, StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import type { Serving, Tool } from "../tool.ts";
import { faultAnswer } from "../tool-fault.ts";
import { progressTeller } from "./progress-teller.ts";

/** Offers a tool; what it throws becomes a tool error with code, message and remedy. */
export function registerTool(server: McpServer, tool: Tool, serving: Serving, log: (line: string) => void): void {
  const { name, title, description, input, output, annotations } = tool;
  server.registerTool(
    name,
    { title, description, inputSchema: unchecked(input), outputSchema: output, annotations },
    async (args, context): Promise<CallToolResult> => {
      const call = { serving, signal: context.mcpReq.signal, tell: progressTeller(context) };
      const answer = await tool.call(args, call).catch((error: unknown) => faultAnswer(error, log));
      return {
        content: [{ type: "text", text: answer.text }],
        structuredContent: answer.content,
        isError: answer.failed,
      };
    },
  );
}

/** The tool parses its arguments itself, so that what it refuses is an error like its others, and a short one. */
function unchecked(schema: Tool["input"]): StandardSchemaWithJSON<unknown, unknown> {
  const { vendor, version, jsonSchema } = schema["~standard"];
  return { "~standard": { vendor, version, jsonSchema, validate: (value) => ({ value }) } };
}
