import { type GivenFile, solveLanguageSchema } from "@assay/sdk";
import { z } from "zod";
import type { OpenProject } from "#app";
import { runContentSchema } from "../run-content.ts";
import { driveRun } from "../runs/drive-run.ts";
import { defineTool } from "../tool.ts";
import { budgetArguments, fileNameArgument, minLevelArgument, projectArgument, waitArgument } from "./arguments.ts";

/** In UTF-16 code units. */
const textLengthMax = 200_000;

const testFile = z.strictObject({
  name: fileNameArgument.meta({ description: "Its ending says what it is: .py, .js or .ts for tests, else lines." }),
  text: z.string().min(1).max(textLengthMax),
});
const testFiles = z.array(testFile).max(20);

export const solveTool = defineTool({
  name: "solve",
  title: "Have a function written",
  description:
    "Has a function or module written from a description and test cases, runs it in a sandbox, repairs it, and accepts it only on evidence. Nothing is written to the project's files: the answer names the patch and a signed receipt. Hidden tests are not shown to whoever writes it.",
  input: z.strictObject({
    project: projectArgument,
    description: z.string().min(1).max(textLengthMax).optional().meta({ description: "What is wanted, in words." }),
    tests: testFiles.min(1).meta({
      description: "A pytest, vitest or node:test file, or lines such as `f(1) -> 2`.",
    }),
    hidden: testFiles.default([]),
    language: solveLanguageSchema.optional(),
    minLevel: minLevelArgument,
    ...budgetArguments,
    waitSeconds: waitArgument,
  }),
  output: runContentSchema,
  annotations: { readOnlyHint: true, idempotentHint: false, openWorldHint: false },
  async call({ project: name, maxSeconds, maxAttempts, waitSeconds, ...asked }, call) {
    const root = await call.serving.roots.project(name);
    const { description, tests, hidden, language, minLevel } = asked;
    return driveRun(call, root, waitSeconds, async (project, signal) =>
      project.start(
        {
          kind: "solve",
          root: project.root,
          ...(description === undefined ? {} : { description: await keep(project, description) }),
          tests: await keepAll(project, tests),
          hidden: await keepAll(project, hidden),
          ...(language === undefined ? {} : { language }),
          ...(minLevel === undefined ? {} : { minLevel }),
          guardrails: "warn",
          force: false,
          keepUnproven: false,
        },
        {
          ...(maxSeconds === undefined ? {} : { secondsMax: maxSeconds }),
          ...(maxAttempts === undefined ? {} : { attemptsMax: maxAttempts }),
          signal,
        },
      ),
    );
  },
});

function keep(project: OpenProject, text: string) {
  return project.keep(new TextEncoder().encode(text));
}

/** The names are the caller's, and stand for no file of the user's. */
function keepAll(project: OpenProject, files: readonly z.infer<typeof testFile>[]): Promise<GivenFile[]> {
  return Promise.all(files.map(async ({ name, text }) => ({ path: `/${name}`, digest: await keep(project, text) })));
}
