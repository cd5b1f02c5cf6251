import type { Tool } from "../tool.ts";
import { cancelRunTool } from "./cancel-run.ts";
import { healTool } from "./heal.ts";
import { judgeTool } from "./judge.ts";
import { listRunsTool } from "./list-runs.ts";
import { resumeRunTool } from "./resume-run.ts";
import { runResultTool } from "./run-result.ts";
import { runStatusTool } from "./run-status.ts";
import { solveTool } from "./solve.ts";
import { verifyTool } from "./verify.ts";

/** Everything that is served; a new tool is one more entry. */
export const tools: readonly Tool[] = [
  healTool,
  judgeTool,
  solveTool,
  verifyTool,
  runStatusTool,
  runResultTool,
  listRunsTool,
  resumeRunTool,
  cancelRunTool,
];
