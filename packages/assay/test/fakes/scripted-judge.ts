import { type LanguageModel, type ModelAnswer, type ModelRequest, noUsage } from "#ports";

/** A change as a judge is shown it. */
export type ShownChange = { letter: string; diff: string };

/** What a judge says to what it is shown, best first as letters, or any other text. */
export type Opinion = (shown: readonly ShownChange[], request: ModelRequest) => readonly string[] | string;

/** A model that reads a ranking's prompt as it was sent, and answers by a rule. Its family is its provider's name. */
export class ScriptedJudge implements LanguageModel {
  readonly description: LanguageModel["description"];
  readonly asked: ModelRequest[] = [];
  readonly #opinion: Opinion;

  constructor(id: string, opinion: Opinion, contextTokensMax = 100_000) {
    const provider = id.split("/")[0] ?? id;
    this.description = { id, provider, family: provider, contextTokensMax, outputTokensMax: 8_000 };
    this.#opinion = opinion;
  }

  worstCase() {
    return { requests: 1, tokens: 0, costMicroUsd: 0 };
  }

  async ask(request: ModelRequest): Promise<ModelAnswer> {
    this.asked.push(request);
    const said = this.#opinion(shownChanges(request), request);
    const text = typeof said === "string" ? said : JSON.stringify({ order: said, abstain: "" });
    return { kind: "answered", text, end: "complete", usage: noUsage, requests: 1, wallMs: 0 };
  }
}

/** The changes between their fences; throws where the fences are not as the system prompt says. */
export function shownChanges({ messages }: ModelRequest): ShownChange[] {
  const nonce = /two lines with the mark ([0-9a-f]{16}),/.exec(messages[0]?.text ?? "")?.[1];
  const text = messages[1]?.text ?? "";
  if (nonce === undefined) throw new Error("the system prompt names no mark");
  const fences = text.split("\n").filter((line) => line.includes(nonce));
  const blocks = [
    ...text.matchAll(new RegExp(`^----- ${nonce} begin (.*)\n([\\s\\S]*?)\n----- ${nonce} end \\1$`, "gm")),
  ];
  if (fences.length !== 2 * blocks.length) throw new Error(`${fences.length} fences for ${blocks.length} blocks`);
  return blocks
    .filter(([, what]) => what !== "failure")
    .map(([, what = "", diff = ""]) => ({ letter: what.replace("change ", ""), diff }));
}

/** The least of what `by` says of a change comes first. */
export function preferring(by: (diff: string) => number): Opinion {
  return (shown) => shown.toSorted((a, b) => by(a.diff) - by(b.diff)).map(({ letter }) => letter);
}
