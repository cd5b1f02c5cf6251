import { join } from "node:path";
import { writeArtifact } from "#receipt";
import { evalCsv } from "./eval-csv.ts";
import { evalHtml } from "./eval-html.ts";
import { evalJson } from "./eval-json.ts";
import { evalMarkdown } from "./eval-markdown.ts";
import type { EvalView } from "./eval-view.ts";

/** What an evaluation leaves in its run's folder. */
export const evalFiles = { html: "report.html", markdown: "report.md", csv: "eval.csv", json: "eval.json" } as const;

/** Writes all of them, of a finished evaluation or of one that can be resumed; returns the path of the page. */
export async function writeEvaluation(folder: string, view: EvalView): Promise<string> {
  await writeArtifact(join(folder, evalFiles.csv), evalCsv(view.events));
  await writeArtifact(join(folder, evalFiles.json), `${JSON.stringify(evalJson(view), undefined, 1)}\n`);
  await writeArtifact(join(folder, evalFiles.markdown), evalMarkdown(view));
  const page = join(folder, evalFiles.html);
  await writeArtifact(page, evalHtml(view));
  return page;
}
