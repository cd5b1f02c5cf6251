import type { Digest } from "@assay/sdk";
import { listHunks } from "#workspace";
import { type Explorer, passesOf } from "./explored.ts";

const testsMax = 5;
/** Each is a run of the selected tests in a fresh sandbox. */
const runsMax = 12;

/**
 * Which hunks of the change make the tests fail. Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing
 * input", 2002) over hunks: as few of them as still break what passes on the base.
 */
export const bisect: Explorer = async (look, { subjects }) => {
  const { hunks } = look.subject;
  const selection = subjects.slice(0, testsMax);
  const evidence: Digest[] = [];
  const breaks = async (some: readonly string[]): Promise<boolean | undefined> => {
    if (evidence.length >= runsMax) return undefined;
    const { digest, observation } = await look.run(some, selection);
    evidence.push(digest);
    return passesOf(observation, selection).size < selection.length;
  };
  if (await breaks([])) {
    return { conclusion: "explained", finding: "fails without the change too", subjects: selection, evidence };
  }
  const guilty = await smallest([...hunks], breaks);
  const places = guilty.flatMap((hunk) => listHunks(hunk).map(({ file, line }) => `${file}:${line}`));
  if (guilty.length === hunks.length) {
    const finding = `no part of its ${hunks.length} hunks alone does it: they do it together`;
    return { conclusion: "nothing-new", finding, subjects: places, evidence };
  }
  const finding = `${guilty.length} of ${hunks.length} hunks suffices for it: ${places.slice(0, 5).join(", ")}`;
  return { conclusion: "narrowed", finding, subjects: places, evidence };
};

/** Fewer and fewer, as long as what is left still breaks it and there are runs left. */
async function smallest(
  all: readonly string[],
  breaks: (some: readonly string[]) => Promise<boolean | undefined>,
): Promise<readonly string[]> {
  let guilty = all;
  for (let parts = 2; guilty.length > 1; ) {
    const size = Math.ceil(guilty.length / parts);
    const chunks = Array.from({ length: Math.ceil(guilty.length / size) }, (_, n) =>
      guilty.slice(n * size, (n + 1) * size),
    );
    const rests = chunks.length > 2 ? chunks.map((chunk) => guilty.filter((hunk) => !chunk.includes(hunk))) : [];
    let found: readonly string[] | undefined;
    for (const some of [...chunks, ...rests]) {
      const outcome = await breaks(some);
      if (outcome === undefined) return guilty;
      if (outcome) {
        found = some;
        break;
      }
    }
    if (found !== undefined) {
      guilty = found;
      parts = 2;
    } else if (size === 1) return guilty;
    else parts = Math.min(guilty.length, parts * 2);
  }
  return guilty;
}
