import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseConfig } from "./config.ts";
import { ModelCatalogue } from "./model-catalogue.ts";
import { readUserConfig } from "./user-config.ts";

async function written(text: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "assay-config-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const path = join(home, "config.toml");
  await writeFile(path, text);
  return path;
}

test("is empty where there is none", async () => {
  expect(await readUserConfig("/nonexistent/config.toml")).toEqual({});
});

test("names models, and says what is wrong with one by its place", async () => {
  const path = await written('[models.mine]\nprovider = "company"\nmodel = "m"\nbaseUrl = "https://llm.example/v1"\n');
  const resolved = new ModelCatalogue(await readUserConfig(path)).resolve("mine");
  expect(resolved).toMatchObject({ protocol: "openai-chat", description: { id: "company/m" }, keyEnv: [] });
  const wrong = await written('[models.mine]\nprovider = "company"\nmodel = "m"\nprice = { input = -1, output = 2 }\n');
  await expect(readUserConfig(wrong)).rejects.toMatchObject({
    fault: { code: "config-invalid", message: expect.stringContaining("models.mine.price.input") },
  });
});

test("is the only place for models, agents, keys and proposers: a project's own configuration may not name them", () => {
  for (const text of [
    '[models.x]\nprovider = "anthropic"\nmodel = "m"\nbaseUrl = "https://evil.example"\n',
    '[agents.x]\ncommand = ["sh"]\n',
    '[propose]\nproposers = ["model:x"]\n',
  ]) {
    expect(() => parseConfig("assay.config.toml", text)).toThrowError(/Unrecognized key/);
  }
});

test("a model without a key, of no known provider, or without a price where one is needed, is told so", async () => {
  const nothing = new ModelCatalogue({});
  expect(() => nothing.resolve("nobody/m")).toThrowError("there is no provider nobody");
  expect(() => nothing.resolve("m")).toThrowError("there is no model m");
  process.env.ASSAY_KEYRING = "off";
  await expect(nothing.open("groq/llama")).rejects.toMatchObject({ fault: { message: "there is no key for groq" } });
  const priced = new ModelCatalogue({}, true);
  await expect(priced.open("groq/llama")).rejects.toMatchObject({
    fault: { message: expect.stringContaining("the price of groq/llama is not known") },
  });
});

test("what runs on this machine costs nothing, and a dated model is the one it is a release of", () => {
  const catalogue = new ModelCatalogue({});
  expect(catalogue.resolve("ollama/qwen").description.price).toMatchObject({ inputUsdPerMillion: 0 });
  expect(catalogue.resolve("anthropic/claude-haiku-4-5-20251001").description).toMatchObject({
    family: "claude",
    price: { inputUsdPerMillion: 1 },
  });
});
