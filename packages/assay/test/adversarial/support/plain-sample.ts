import { problemOf } from "./naive-commands.ts";
import { wrongModule } from "./repositories.ts";
import type { Sample } from "./samples.ts";

/** The sample's problem with the wrong module in its place, which hides nothing: what no harness may accept. */
export function withoutCheat(sample: Sample): Sample {
  const text = sample.stage === "function" ? problemOf(sample).wrong : wrongModule(sample);
  return { ...sample, name: `wrong ${sample.problem ?? sample.stage}`, files: { [sample.module]: text } };
}

/** The harness that an honest solution is tried in. */
export function plainHarness({ stage, language }: Sample): string {
  if (stage !== "function") return stage;
  return language === "python" ? "module" : "script";
}
