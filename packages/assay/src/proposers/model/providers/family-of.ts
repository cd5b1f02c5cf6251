/** Makers' names for their models, as they stand somewhere in a model's name. */
const families = [
  "claude",
  "gpt",
  "gemini",
  "gemma",
  "llama",
  "qwen",
  "mistral",
  "deepseek",
  "grok",
  "phi",
  "glm",
  "kimi",
];

/** Derivatives that do not say what they were made of. */
const aliases: Readonly<Record<string, string>> = {
  codestral: "mistral",
  devstral: "mistral",
  magistral: "mistral",
  ministral: "mistral",
  mixtral: "mistral",
  codellama: "llama",
  codegemma: "gemma",
  codex: "gpt",
  o1: "gpt",
  o3: "gpt",
  o4: "gpt",
};

/** By the model's name; a name that tells nothing is a family of its own. */
export function familyOf(model: string): string {
  const base = model.toLowerCase();
  const words = base.split(/[^a-z0-9]+/);
  for (const [alias, family] of Object.entries(aliases)) {
    if (words.some((word) => word === alias || (alias.length > 2 && word.startsWith(alias)))) return family;
  }
  return families.find((family) => words.some((word) => word.startsWith(family))) ?? base;
}
