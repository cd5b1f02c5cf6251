import type { z } from "zod";

/** The same schema, which refuses a document with a lone surrogate in it: such a text has no UTF-8 form, and so no digest. */
export function wellFormed<S extends z.ZodType>(schema: S): S {
  return schema.refine((document) => isWellFormed(document), { error: "a text in it has a lone surrogate" });
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, part]) => name.isWellFormed() && isWellFormed(part));
}
