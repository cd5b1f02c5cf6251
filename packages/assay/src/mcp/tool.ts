import type { ToolAnnotations } from "@modelcontextprotocol/server";
import { z } from "zod";
import { raise } from "#domain";
import { sanitizeLine } from "#report";
import type { Roots } from "./roots.ts";
import type { Drives } from "./runs/drives.ts";

/** What the person who started the server allows, and what it is doing. */
export type Serving = {
  roots: Roots;
  drives: Drives;
  /** Whether callers may have accepted patches written to a project. */
  allowApply: boolean;
  /** Keys that `verify` trusts instead of the user's own. */
  trustedKeys?: string;
};

/** One call of a tool. */
export type Call = {
  serving: Serving;
  /** Aborts when the caller takes the call back or is gone. */
  signal: AbortSignal;
  /** Tells the caller what is going on; does nothing where they did not ask. */
  tell: (now: string) => void;
};

export type Answer = {
  /** What the tool's output schema describes; its strings are sanitised and bounded. */
  content: Record<string, unknown>;
  /** The same in a few lines. */
  text: string;
  /** The tool could not do what was asked. */
  failed: boolean;
};

export type Tool = {
  name: string;
  title: string;
  description: string;
  input: z.ZodObject;
  output: z.ZodObject;
  annotations: ToolAnnotations;
  /** Throws a `FaultError` for what the caller can do something about. */
  call(args: unknown, call: Call): Promise<Answer>;
};

/** A tool whose arguments are parsed by its input schema. Fault: `usage` for others. */
export function defineTool<Input extends z.ZodObject>(
  tool: Omit<Tool, "input" | "call"> & {
    input: Input;
    call(args: z.infer<Input>, call: Call): Promise<Answer>;
  },
): Tool {
  return {
    ...tool,
    async call(args, call) {
      const parsed = tool.input.safeParse(args ?? {});
      if (parsed.success) return tool.call(parsed.data, call);
      raise("usage", sanitizeLine(z.prettifyError(parsed.error)), "see the tool's input schema");
    },
  };
}
