import type { Failure, Refusal } from "../protocol.ts";
import type { Problem } from "../violation.ts";

const codes: Readonly<Record<number, { type: string; code: string | null }>> = {
  400: { type: "invalid_request_error", code: null },
  401: { type: "invalid_request_error", code: "invalid_api_key" },
  404: { type: "invalid_request_error", code: "model_not_found" },
  429: { type: "requests", code: "rate_limit_exceeded" },
};

/** OpenAI's form of an error. */
export function openaiFail({ status, message, code }: Failure): unknown {
  const usual = codes[status] ?? { type: "server_error", code: null };
  const type = status === 429 && code !== undefined ? code : usual.type;
  return { error: { message, type, param: null, code: code ?? usual.code } };
}

/** OpenAI's answer to a wrong request. */
export function openaiRefuse(problem: Problem): Refusal {
  const status = statusOf(problem);
  return { status, body: openaiFail({ status, message: problem.message }) };
}

function statusOf({ rule }: Problem): number {
  if (rule === "key-missing" || rule === "key-unknown") return 401;
  return rule === "model-unknown" || rule === "route" ? 404 : 400;
}

/** OpenAI counts the tokens that the answer may have. */
export function openaiOverflow(tokens: { input: number; output: number; max: number }): Failure | undefined {
  const { input, output, max } = tokens;
  if (input + output <= max) return undefined;
  const asked = `However, you requested ${input + output} tokens (${input} in the messages, ${output} in the completion).`;
  return {
    status: 400,
    code: "context_length_exceeded",
    message: `This model's maximum context length is ${max} tokens. ${asked} Please reduce the length of the messages or completion.`,
  };
}
