import { raise } from "#domain";
import type { Handlers } from "../handlers.ts";
import type { HandlerParts } from "./handler-parts.ts";

/** Of one circuit's history. */
const changesMax = 500;

/** Circuit breakers of steps, workers and the system. */
export function circuitHandlers({
  supervisor,
}: HandlerParts): Pick<Handlers, "listCircuits" | "readCircuit" | "resetCircuit"> {
  const bookOf = async (tenant: string) => (await supervisor.servicesOf(tenant)).circuits;
  const unknown = (circuit: string) =>
    raise("not-found", `there is no circuit ${circuit}`, "GET /v1/circuits lists them");
  return {
    listCircuits: async ({ caller, query }) => {
      const book = await bookOf(caller.tenant);
      return { items: book?.list(query.level) ?? [] };
    },
    readCircuit: async ({ caller, params }) => {
      const book = await bookOf(caller.tenant);
      const circuit = book?.list().find((one) => one.circuit === params.circuit) ?? unknown(params.circuit);
      return { circuit, history: (await book?.history(changesMax, params.circuit)) ?? [] };
    },
    resetCircuit: async ({ caller, params, body }) => {
      const book = (await bookOf(caller.tenant)) ?? unknown(params.circuit);
      return book.reset(params.circuit, `key ${caller.keyId}`, body.reason);
    },
  };
}
