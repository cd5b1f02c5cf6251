import type { Run } from "#engine";
import { detect, type Side, type Subject } from "./subject.ts";
import type { JudgeTools } from "./tools.ts";

/** The tests of one side with the code of the other; absent where that would be base or head itself. */
export type MixedTrees = { newTests?: Side; oldTests?: Side };

/**
 * Where a change touches tests, each side's tests are asked about the other side's code too: new tests must be red on the base's
 * code, and the base's own tests, as the base has them, still green on the head's.
 */
export async function mixTrees(run: Run, tools: JudgeTools, subject: Subject): Promise<MixedTrees> {
  const { base, head, oraclePaths } = subject;
  const paths = [...oraclePaths].sort();
  if (paths.length === 0) return {};
  const input = { base: base.snapshot.digest, head: head.snapshot.digest, paths };
  const [newTests, oldTests] = await run.step("mixed-trees", input, async () => [
    await tools.revisions.graft(base.snapshot, head.snapshot, paths),
    await tools.revisions.graft(head.snapshot, base.snapshot, paths),
  ]);
  const sides = new Set([base.snapshot.digest, head.snapshot.digest]);
  return {
    ...(newTests !== undefined && !sides.has(newTests.digest)
      ? { newTests: await detect(run, tools, "new-tests", newTests) }
      : {}),
    ...(oldTests !== undefined && !sides.has(oldTests.digest)
      ? { oldTests: await detect(run, tools, "old-tests", oldTests) }
      : {}),
  };
}
