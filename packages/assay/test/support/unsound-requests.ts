import type { Rule } from "../fakes/models/violation.ts";
import { testKey } from "./ask-model.ts";

/** A JSON object. */
export type Json = Record<string, unknown>;
/** A request as it goes over the wire. */
export type Wire = { path: string; headers: Record<string, string>; body: Json };
/** What is changed of a sound request; a header that is empty is not sent. */
export type Change = { path?: string; headers?: Record<string, string>; body?: Json; raw?: string };
/** What is wrong, the rule that it breaks, the status it is answered with. */
export type Case = [what: string, rule: Rule, status: number, change: Change];

const json = { "content-type": "application/json" };
const user = (content: unknown): Json => ({ role: "user", content });
const assistant = (content: unknown): Json => ({ role: "assistant", content });
const looseSchema = { type: "object", properties: { answer: { type: "string" } } };

const openai = { ...json, authorization: `Bearer ${testKey}` };
const call = { id: "call_1", type: "function", function: { name: "look", arguments: "{}" } };
const calling = { role: "assistant", content: null, tool_calls: [call] };
const result = { role: "tool", tool_call_id: "call_1", content: "seen" };

const chat: Wire = { path: "/v1/chat/completions", headers: openai, body: { model: "m", messages: [user("hello")] } };
const strict = { type: "json_schema", json_schema: { name: "answer", strict: true, schema: looseSchema } };
const chatCases: Case[] = [
  ["no key", "key-missing", 401, { headers: { authorization: "" } }],
  ["a key in another form", "key-missing", 401, { headers: { authorization: `Basic ${testKey}` } }],
  ["a key that is not let in", "key-unknown", 401, { headers: { authorization: "Bearer wrong-key" } }],
  ["text that is not said to be JSON", "content-type", 400, { headers: { "content-type": "text/plain" } }],
  ["broken JSON", "json", 400, { raw: '{"model": ' }],
  ["a path that is not there", "route", 404, { path: "/v1/chat/completion" }],
  ["a model that is not there", "model-unknown", 404, { body: { model: "other" } }],
  ["a field that nobody knows", "shape", 400, { body: { max_length: 5 } }],
  ["a role that nobody knows", "shape", 400, { body: { messages: [{ role: "robot", content: "hello" }] } }],
  ["no messages", "shape", 400, { body: { messages: [] } }],
  ["stream options without a stream", "shape", 400, { body: { stream_options: { include_usage: true } } }],
  ["empty content", "empty-content", 400, { body: { messages: [user(" ")] } }],
  ["the assistant first", "roles", 400, { body: { messages: [assistant("I"), user("you")] } }],
  ["the assistant last", "roles", 400, { body: { messages: [user("you"), assistant("I")] } }],
  ["the user twice", "roles", 400, { body: { messages: [user("you"), user("you")] } }],
  [
    "a late system message",
    "system-placement",
    400,
    { body: { messages: [user("a"), { role: "system", content: "b" }] } },
  ],
  ["no tokens to answer with", "output-tokens", 400, { body: { max_tokens: 0 } }],
  ["two limits", "output-tokens", 400, { body: { max_tokens: 5, max_completion_tokens: 5 } }],
  ["a temperature of 2.5", "temperature", 400, { body: { temperature: 2.5 } }],
  ["max_tokens for a reasoning model", "output-tokens", 400, { body: { model: "o3", max_tokens: 50 } }],
  ["a strict schema that is not", "schema", 400, { body: { response_format: strict } }],
  ["JSON that no message mentions", "schema", 400, { body: { response_format: { type: "json_object" } } }],
  ["a result of no call", "tool-pairing", 400, { body: { messages: [user("a"), assistant("b"), result] } }],
  ["a call without a result", "tool-pairing", 400, { body: { messages: [user("a"), calling, user("b")] } }],
  ["a result twice", "tool-pairing", 400, { body: { messages: [user("a"), calling, result, result] } }],
];

const responses: Wire = { path: "/v1/responses", headers: openai, body: { model: "m", input: [user("hello")] } };
const output = { type: "function_call_output", call_id: "call_1", output: "seen" };
const functionCall = { type: "function_call", call_id: "call_1", name: "look", arguments: "{}" };
const responsesCases: Case[] = [
  ["no key", "key-missing", 401, { headers: { authorization: "" } }],
  ["a model that is not there", "model-unknown", 404, { body: { model: "other" } }],
  ["a field of chat completions", "shape", 400, { body: { max_tokens: 50 } }],
  ["what the assistant says as input", "shape", 400, { body: { input: [user([{ type: "output_text", text: "a" }])] } }],
  ["too few tokens to answer with", "output-tokens", 400, { body: { max_output_tokens: 15 } }],
  ["the assistant last", "roles", 400, { body: { input: [user("you"), assistant("I")] } }],
  ["a result of no call", "tool-pairing", 400, { body: { input: [user("a"), assistant("b"), output] } }],
  ["a call without a result", "tool-pairing", 400, { body: { input: [user("a"), functionCall, user("b")] } }],
  [
    "a strict schema that is not",
    "schema",
    400,
    {
      body: { text: { format: { type: "json_schema", name: "answer", strict: true, schema: looseSchema } } },
    },
  ],
];

const anthropicHeaders = { ...json, "x-api-key": testKey, "anthropic-version": "2023-06-01" };
const messages: Wire = {
  path: "/v1/messages",
  headers: anthropicHeaders,
  body: { model: "m", max_tokens: 50, messages: [user("hello")] },
};
const toolUse = assistant([{ type: "tool_use", id: "toolu_1", name: "look", input: {} }]);
const toolResult = user([{ type: "tool_result", tool_use_id: "toolu_1", content: "seen" }]);
const messagesCases: Case[] = [
  ["no key", "key-missing", 401, { headers: { "x-api-key": "", authorization: `Bearer ${testKey}` } }],
  ["a key that is not let in", "key-unknown", 401, { headers: { "x-api-key": "wrong-key" } }],
  ["no version", "version-missing", 400, { headers: { "anthropic-version": "" } }],
  ["a model that is not there", "model-unknown", 404, { body: { model: "other" } }],
  ["no limit of tokens", "output-tokens", 400, { body: { max_tokens: undefined } }],
  ["a temperature of 1.5", "temperature", 400, { body: { temperature: 1.5 } }],
  [
    "a system message among the others",
    "shape",
    400,
    { body: { messages: [{ role: "system", content: "a" }, user("b")] } },
  ],
  [
    "an empty block of text",
    "empty-content",
    400,
    {
      body: {
        messages: [
          user([
            { type: "text", text: "a" },
            { type: "text", text: "" },
          ]),
        ],
      },
    },
  ],
  ["the assistant last", "roles", 400, { body: { messages: [user("you"), assistant("I")] } }],
  ["a result of no call", "tool-pairing", 400, { body: { messages: [user("a"), assistant("b"), toolResult] } }],
  ["a call without a result", "tool-pairing", 400, { body: { messages: [user("a"), toolUse, user("b")] } }],
  [
    "an open schema",
    "schema",
    400,
    { body: { output_config: { format: { type: "json_schema", schema: looseSchema } } } },
  ],
];

const part = (role: string, ...parts: Json[]): Json => ({ role, parts });
const generate: Wire = {
  path: "/v1beta/models/m:generateContent",
  headers: { ...json, "x-goog-api-key": testKey },
  body: { contents: [part("user", { text: "hello" })] },
};
const answered = { functionResponse: { name: "look", response: { seen: true } } };
const generateCases: Case[] = [
  ["no key", "key-missing", 403, { headers: { "x-goog-api-key": "" } }],
  // Google says 400 where others say 401.
  ["a key that is not let in", "key-unknown", 400, { headers: { "x-goog-api-key": "wrong-key" } }],
  ["a model that is not there", "model-unknown", 404, { path: "/v1beta/models/other:generateContent" }],
  ["a stream that is no event stream", "route", 404, { path: "/v1beta/models/m:streamGenerateContent" }],
  ["a role of OpenAI's", "shape", 400, { body: { contents: [part("assistant", { text: "a" })] } }],
  ["no tokens to answer with", "output-tokens", 400, { body: { generationConfig: { maxOutputTokens: 0 } } }],
  ["a temperature of 3", "temperature", 400, { body: { generationConfig: { temperature: 3 } } }],
  ["a schema without JSON", "schema", 400, { body: { generationConfig: { responseJsonSchema: looseSchema } } }],
  ["the model last", "roles", 400, { body: { contents: [part("user", { text: "a" }), part("model", { text: "b" })] } }],
  [
    "a result of no call",
    "tool-pairing",
    400,
    {
      body: { contents: [part("user", { text: "a" }), part("model", { text: "b" }), part("user", answered)] },
    },
  ],
];

/** Which provider's form an error has, and what it says. */
const forms = {
  openai: (body: Json): unknown => (body.error as Json).message,
  anthropic: (body: Json): unknown => (body.type === "error" ? (body.error as Json).message : undefined),
  google: (body: Json): unknown => ((body.error as Json).status ? (body.error as Json).message : undefined),
};

/** Each protocol, a sound request of it, what may be wrong with that, and how to read its errors. */
export const unsoundRequests: [string, Wire, Case[], (body: Json) => unknown][] = [
  ["OpenAI's chat completions", chat, chatCases, forms.openai],
  ["OpenAI's responses", responses, responsesCases, forms.openai],
  ["Anthropic's messages", messages, messagesCases, forms.anthropic],
  ["Google's contents", generate, generateCases, forms.google],
];
