import { type RunEventType, runEventTypes } from "@assay/sdk";
import { raise } from "#domain";

/** Names of event types with commas between them. Throws `usage` for one that is none. */
export function parseEventTypes(names: string): ReadonlySet<RunEventType> {
  return new Set(names.split(",").map((name) => parseEventType(name.trim())));
}

function parseEventType(name: string): RunEventType {
  const type = runEventTypes.find((known) => known === name);
  const remedy = `name some of these, with commas between them: ${runEventTypes.join(",")}`;
  return type ?? raise("usage", `there is no event type ${JSON.stringify(name)}`, remedy);
}
