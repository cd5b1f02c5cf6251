declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type RunId = Branded<"RunId">;
export type AttemptName = Branded<"AttemptName">;

const runIdPattern = /^[a-z]+-[0-9a-z]{8,32}$/;
const attemptNamePattern = /^[0-9a-z]+(?:[.-][0-9a-z]+)*$/;

/** Parses a run id such as `heal-01kbm2x9c4`; throws a `RangeError` if malformed. */
export function runId(text: string): RunId {
  if (!runIdPattern.test(text)) throw new RangeError(`not a run id: ${JSON.stringify(text)}`);
  return text as RunId;
}

/**
 * The name of one attempt's workspace, the same on every machine and replay.
 * `task` and `attempt` are lower-case words of letters, digits and dashes; throws a `RangeError` otherwise.
 */
export function attemptName(run: RunId, task: string, attempt: string): AttemptName {
  const name = `${run}.${task}.${attempt}`;
  if (!attemptNamePattern.test(name)) throw new RangeError(`not an attempt name: ${JSON.stringify(name)}`);
  return name as AttemptName;
}
