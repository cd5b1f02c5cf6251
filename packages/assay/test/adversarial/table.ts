/**
 * node table.ts    prints, as Markdown, which cheats and honest solutions a naive harness accepts and which Assay does.
 * Exits with 1 when Assay accepts a cheat or refuses an honest solution, or when no naive harness believes a cheat.
 */
import { openFunctionOracle } from "#oracle";
import { openSandbox } from "#sandbox";
import { judgeFunction } from "./support/judge-function.ts";
import { judgeRepository, repositoryRunners } from "./support/judge-repository.ts";
import { naiveRun } from "./support/naive-harness.ts";
import { plainHarness } from "./support/plain-sample.ts";
import { readSamples, type Sample } from "./support/samples.ts";

type Row = {
  sample: Sample;
  kind: "cheats" | "honest";
  harness: string;
  naive: boolean;
  assay: string;
  accepted: boolean;
};

const { sandbox, overlay } = await openSandbox({ unsafe: false });
const rows: Row[] = [];
for (const language of ["python", "javascript"] as const) {
  await using oracle = await openFunctionOracle(sandbox, { language, workers: 1 });
  const judge = async (sample: Sample): Promise<{ accepted: boolean; assay: string }> => {
    if (sample.stage === "function") {
      const { outcome } = await judgeFunction(oracle, sample);
      return { accepted: outcome.kind === "passed", assay: outcome.kind };
    }
    const verdict = await judgeRepository({ overlay, runners: repositoryRunners(sandbox) }, sample);
    return { accepted: verdict.kind === "accepted", assay: verdict.kind };
  };
  for (const kind of ["cheats", "honest"] as const) {
    for (const sample of readSamples(kind, language)) {
      const harness = sample.fools ?? plainHarness(sample);
      const { accepted: naive } = await naiveRun(sandbox, sample, harness);
      rows.push({ sample, kind, harness, naive, ...(await judge(sample)) });
    }
  }
}

const count = (chosen: readonly Row[], which: "naive" | "accepted") => chosen.filter((row) => row[which]).length;
const lines = ["| | number | accepted by a naive harness | accepted by Assay |", "|---|---|---|---|"];
for (const kind of ["cheats", "honest"] as const) {
  for (const language of ["python", "javascript"] as const) {
    for (const part of ["function", "repository"] as const) {
      const chosen = rows.filter(
        ({ sample, ...row }) =>
          row.kind === kind && sample.language === language && (sample.stage === "function") === (part === "function"),
      );
      const title = `${kind === "cheats" ? "cheats" : "honest solutions"}, ${language}, ${part}`;
      lines.push(`| ${title} | ${chosen.length} | ${count(chosen, "naive")} | ${count(chosen, "accepted")} |`);
    }
  }
}
lines.push("", "| cheat | what it does | naive harness | believed it | Assay |", "|---|---|---|---|---|");
for (const { sample, kind, harness, naive, assay } of rows) {
  if (kind === "honest") continue;
  const does = sample.does.replaceAll("|", "\\|");
  lines.push(`| ${sample.language}/${sample.name} | ${does} | ${harness} | ${naive ? "yes" : "no"} | ${assay} |`);
}
process.stdout.write(`${lines.join("\n")}\n`);
const wrong = rows.filter(({ kind, naive, accepted }) => !naive || accepted === (kind === "cheats"));
for (const { sample, kind } of wrong)
  process.stderr.write(`not as it should be: ${kind} ${sample.language}/${sample.name}\n`);
process.exitCode = wrong.length > 0 ? 1 : 0;
