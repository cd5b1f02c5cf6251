import type { Protocol } from "./protocols.ts";

export type KnownProvider = {
  protocol: Protocol;
  baseUrl: string;
  /** Environment variables that may hold its key, the first that is set counts; none: it needs no key. */
  keyEnv: readonly string[];
};

/** What is known of providers by name; anything else is configured with its own base URL. */
export const knownProviders: Readonly<Record<string, KnownProvider>> = {
  anthropic: { protocol: "anthropic", baseUrl: "https://api.anthropic.com/v1", keyEnv: ["ANTHROPIC_API_KEY"] },
  openai: { protocol: "openai-responses", baseUrl: "https://api.openai.com/v1", keyEnv: ["OPENAI_API_KEY"] },
  google: {
    protocol: "google",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    keyEnv: ["GOOGLE_GENERATIVE_AI_API_KEY", "GEMINI_API_KEY"],
  },
  deepseek: { protocol: "openai-chat", baseUrl: "https://api.deepseek.com/v1", keyEnv: ["DEEPSEEK_API_KEY"] },
  groq: { protocol: "openai-chat", baseUrl: "https://api.groq.com/openai/v1", keyEnv: ["GROQ_API_KEY"] },
  mistral: { protocol: "openai-chat", baseUrl: "https://api.mistral.ai/v1", keyEnv: ["MISTRAL_API_KEY"] },
  openrouter: { protocol: "openai-chat", baseUrl: "https://openrouter.ai/api/v1", keyEnv: ["OPENROUTER_API_KEY"] },
  ollama: { protocol: "ollama", baseUrl: "http://127.0.0.1:11434/api", keyEnv: [] },
  lmstudio: { protocol: "openai-chat", baseUrl: "http://127.0.0.1:1234/v1", keyEnv: [] },
  vllm: { protocol: "openai-chat", baseUrl: "http://127.0.0.1:8000/v1", keyEnv: [] },
};
