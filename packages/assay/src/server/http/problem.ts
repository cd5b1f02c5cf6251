import { type FaultCode, type Problem, problemSchema } from "@assay/sdk";
import type { FastifyReply } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { z } from "zod";
import { FaultError, fault, faultPolicy } from "#domain";
import { HttpFault } from "./http-fault.ts";

export const problemMediaType = "application/problem+json";

const errorsMax = 20;
const messageCharactersMax = 500;

/** Of the framework's own refusals: all are about what the client sent. */
const frameworkErrorSchema = z.object({
  code: z.string().startsWith("FST_ERR_"),
  statusCode: z.int().min(400).max(499),
  message: z.string(),
});

const codeOfStatus: ReadonlyMap<number, FaultCode> = new Map([
  [413, "too-large"],
  [415, "media-type"],
]);

/** RFC 9457 for anything that was thrown. What is no fault is a defect, of which nobody outside is told more than the request's id. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof HttpFault) return problem(requestId, error.fault, error.details.status);
  if (error instanceof FaultError) return problem(requestId, error.fault);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? "request";
    const errors = error.validation.slice(0, errorsMax).map(({ instancePath, message = "is not valid" }) => ({
      at: `${where}${instancePath === "/" ? "" : instancePath}`.slice(0, messageCharactersMax),
      message: message.slice(0, messageCharactersMax),
    }));
    const said = fault(
      "usage",
      `the ${where} is not as the operation needs it`,
      "GET /openapi.json says what it needs",
    );
    return { ...problem(requestId, said), errors };
  }
  const refusal = frameworkErrorSchema.safeParse(error).data;
  if (refusal !== undefined) {
    const code = codeOfStatus.get(refusal.statusCode) ?? "usage";
    return problem(requestId, fault(code, refusal.message.slice(0, messageCharactersMax)), refusal.statusCode);
  }
  return problem(requestId, fault("defect", "an error of Assay's own", `look in the log for request ${requestId}`));
}

/** `status`: where it says more than the fault's own. */
export function problem(
  requestId: string,
  { code, message, remedy }: { code: FaultCode; message: string; remedy?: string | undefined },
  status: number = faultPolicy(code).httpStatus,
): Problem {
  return {
    type: `urn:assay:fault:${code}`,
    title: code.replaceAll("-", " "),
    status,
    detail: message,
    instance: requestId,
    code,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

export function problemText(value: Problem): string {
  return JSON.stringify(problemSchema.parse(value));
}

/** Sets status and headers; what it gives is the body. As bytes: to a string the framework would add a charset, which the media type does not have. */
export function problemReply(reply: FastifyReply, said: Problem): Buffer {
  reply.code(said.status).header("x-request-id", said.instance).header("content-type", problemMediaType);
  return Buffer.from(problemText(said));
}
