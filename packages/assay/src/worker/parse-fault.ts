import { type Fault, faultSchema } from "@assay/sdk";
import { fault } from "#domain";

const textMax = 1000;

/** A fault as the daemon sent it; `undefined` for one of a code that this version does not know. */
export function parseFault(sent: { code: string; message: string; remedy: string }): Fault | undefined {
  const parsed = faultSchema.safeParse(sent);
  if (!parsed.success) return undefined;
  const remedy = sent.remedy === "" ? undefined : sent.remedy.slice(0, textMax);
  return fault(parsed.data.code, parsed.data.message.slice(0, textMax), remedy);
}
