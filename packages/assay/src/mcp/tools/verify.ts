import { type Result, runOutcomeSchema } from "@assay/sdk";
import { z } from "zod";
import { verifyAgain } from "#app";
import { raise } from "#domain";
import { sanitizeLine } from "#report";
import { openFor } from "../runs/standing-of.ts";
import { type Call, defineTool } from "../tool.ts";
import { faultText, shownFault, shownFaultSchema } from "../tool-fault.ts";
import { pathArgument, projectArgument, runArgument } from "./arguments.ts";

const outputSchema = z.object({
  outcome: runOutcomeSchema.meta({ description: "The receipt's verdict, if the receipt holds." }),
  verified: z.boolean().meta({ description: "Signature, digests, verdict and signer were checked and hold." }),
  exitCode: z.int().min(0).max(255),
  summary: z.string(),
  checks: z.array(z.object({ check: z.string(), status: z.enum(["ok", "failed", "unknown"]), detail: z.string() })),
  error: shownFaultSchema.optional(),
});

export const verifyTool = defineTool({
  name: "verify",
  title: "Verify a receipt",
  description:
    "Checks a receipt's signature, every digest, its verdict and its signer, offline. With `rerun` it also runs the tests again in a sandbox and compares the outcomes; the call then waits for their end.",
  input: z.strictObject({
    project: projectArgument,
    run: runArgument.optional().meta({ description: "The run whose receipt is meant, or `last`." }),
    receipt: pathArgument
      .optional()
      .meta({ description: "receipt.json or its bundle's folder, if `run` is not given." }),
    rerun: z.boolean().default(false),
  }),
  output: outputSchema,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async call({ project, run, receipt, rerun }, call) {
    const { serving } = call;
    const path = await receiptOf(call, project, run, receipt);
    const repository = rerun ? { repository: await serving.roots.project(project) } : {};
    const trusted = serving.trustedKeys === undefined ? {} : { trustedKeys: serving.trustedKeys };
    const { verification, checks } = await serving.drives.other(call.signal, (signal) =>
      verifyAgain(path, { ...repository, ...trusted, rerun, signal }),
    );
    return answer(
      verification,
      checks.map(({ name, status, detail }) => ({ check: name, status, detail: sanitizeLine(detail, 2_000) })),
    );
  },
});

async function receiptOf(
  { serving }: Call,
  name: string | undefined,
  run: string | undefined,
  receipt: string | undefined,
): Promise<string> {
  if ((run === undefined) === (receipt === undefined)) raise("usage", "which receipt is meant?", "give run or receipt");
  if (receipt !== undefined) return serving.roots.file(receipt);
  await using project = await openFor(serving, name);
  const id = await project.find(run ?? "last");
  const written = (await project.events(id)).findLast(
    (event) => event.type === "artifact-written" && event.kind === "receipt",
  );
  if (written?.type === "artifact-written") return written.path;
  return raise("usage", `run ${id} has no receipt`, "see with run_status how it stands");
}

type Check = z.infer<typeof outputSchema>["checks"][number];

function answer(verification: Omit<Result, "type">, checks: readonly Check[]) {
  const { outcome, exitCode, fault } = verification;
  const summary = sanitizeLine(verification.summary, 2_000);
  const error = fault === undefined ? undefined : shownFault(fault);
  const content: z.infer<typeof outputSchema> = {
    outcome,
    verified: exitCode === 0,
    exitCode,
    summary,
    checks: [...checks],
    ...(error === undefined ? {} : { error }),
  };
  const lines = checks.map(({ check, status, detail }) => `${status}: ${check}: ${detail}`);
  return { content, text: [error === undefined ? summary : faultText(error), ...lines].join("\n"), failed: false };
}
