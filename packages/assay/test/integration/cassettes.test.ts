import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Cassette } from "../fakes/models/cassette/cassette.ts";
import { cutAfter, rateLimited, unauthorized } from "../fakes/models/faults.ts";
import { modelServer } from "../fakes/models/model-server.ts";
import { inTurn } from "../fakes/models/scripts/in-turn.ts";
import { type Asked, ask, asks, clients } from "../support/ask-model.ts";
import { type Scratch, scratch } from "../support/scratch.ts";

const key = "sk-secret-0123456789abcdef";
type Protocol = keyof typeof clients;

/** Questions in an order: how each is asked and of whom. */
async function converse(
  url: string,
  apiKey: string,
  questions: readonly [Protocol, boolean, string][],
): Promise<Asked[]> {
  const answers: Asked[] = [];
  for (const [protocol, stream, content] of questions) {
    const asked = await ask({ model: clients[protocol](url, "m", apiKey), stream, messages: asks(content) });
    // The errors of two servers differ in their URLs.
    const { error, ...rest } = asked;
    const status = (error as { statusCode?: number } | undefined)?.statusCode;
    answers.push(error === undefined ? rest : { ...rest, error: status === 200 ? "broken" : status });
  }
  return answers;
}

const questions: [Protocol, boolean, string][] = [
  ["openai-chat", false, "one"],
  ["openai-responses", true, "two"],
  ["anthropic", true, "three ünïcode 🐦"],
  ["google", true, "four"],
  ["openai-compatible", true, "five"],
  ["anthropic", false, "six"],
  ["openai-chat", true, "seven"],
];

async function recorded(place: Scratch): Promise<{ file: string; answers: Asked[] }> {
  const file = join(place.path, "conversation.jsonl");
  const echo = { ...unauthorized, body: JSON.stringify({ error: { message: `Incorrect API key provided: ${key}` } }) };
  const replies = ["eins", "zwei", "drei 🐦", "vier", rateLimited(7), echo, cutAfter(5, "sieben und mehr")];
  await using server = await modelServer({ models: { m: inTurn(replies) }, keys: [key] });
  await using recorder = await Cassette.record(server.url, file);
  return { file, answers: await converse(recorder.url, key, questions) };
}

describe("a cassette", () => {
  test("gives again what was recorded, in order, without the model", async () => {
    await using place = await scratch();
    const { file, answers } = await recorded(place);
    expect(answers.map((answer) => answer.error ?? answer.text)).toEqual([
      "eins",
      "zwei",
      "drei 🐦",
      "vier",
      429,
      401,
      "broken",
    ]);
    await using player = await Cassette.replay(file);
    expect(await converse(player.url, "another-key", questions)).toEqual(answers);
  });

  test("holds no key, whoever said it", async () => {
    await using place = await scratch();
    const { file } = await recorded(place);
    const text = await readFile(file, "utf8");
    expect(text).toContain("Incorrect API key provided: [redacted]");
    expect(text).not.toContain(key);
  });

  test("answers another request with 599 and the difference, and fails the test", async () => {
    await using place = await scratch();
    const { file } = await recorded(place);
    const replayed = async (): Promise<void> => {
      await using player = await Cassette.replay(file);
      const model = clients["openai-chat"](player.url, "m", key);
      const asked = await ask({ model, stream: false, messages: asks("another one") });
      expect(asked.error).toMatchObject({
        statusCode: 599,
        message: expect.stringContaining('+        "text": "another one"'),
      });
    };
    await expect(replayed()).rejects.toThrow(/the request is not entry 1 of 7.*7 of its 7 entries were not asked for/s);
  });

  test("fails when entries are left, and when there are too few", async () => {
    await using place = await scratch();
    const { file } = await recorded(place);
    const replayed = async (asking: typeof questions): Promise<void> => {
      await using player = await Cassette.replay(file);
      await converse(player.url, key, asking);
    };
    await expect(replayed(questions.slice(0, 5))).rejects.toThrow("2 of its 7 entries were not asked for");
    await expect(replayed([...questions, ["google", false, "eight"]])).rejects.toThrow("there is no further entry");
  });

  test("is refused when it was changed by hand", async () => {
    await using place = await scratch();
    const { file } = await recorded(place);
    await writeFile(file, (await readFile(file, "utf8")).replace('"text":"two"', '"text":"2"'));
    await expect(Cassette.replay(file)).rejects.toThrow(/conversation\.jsonl:2 is no entry.*digest/s);
  });
});
