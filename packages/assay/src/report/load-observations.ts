import { type Digest, type Observation, observationSchema, type RunEvent } from "@assay/sdk";
import { FaultError } from "#domain";
import type { Blobs } from "#ports";

/** Of one run; a run with more shows its first and last ones. */
const observationsMax = 400;

/** The observations that a run's events refer to. What is missing, changed or malformed is left out: a report shows what is known. */
export async function loadObservations(
  events: readonly RunEvent[],
  blobs: Pick<Blobs, "get">,
): Promise<ReadonlyMap<Digest, Observation>> {
  const digests = [
    ...new Set(events.flatMap((event) => (event.type === "evidence-recorded" ? [event.evidence.digest] : []))),
  ];
  const wanted =
    digests.length <= observationsMax
      ? digests
      : [...digests.slice(0, observationsMax / 2), ...digests.slice(-observationsMax / 2)];
  const observations = new Map<Digest, Observation>();
  for (const digest of wanted) {
    const observation = await load(digest, blobs);
    if (observation !== undefined) observations.set(digest, observation);
  }
  return observations;
}

async function load(digest: Digest, blobs: Pick<Blobs, "get">): Promise<Observation | undefined> {
  try {
    const bytes = await blobs.get(digest);
    if (bytes === undefined) return undefined;
    return observationSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof FaultError) return undefined;
    throw error;
  }
}
