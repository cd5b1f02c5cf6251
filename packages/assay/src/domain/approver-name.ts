import type { Approval } from "@assay/sdk";

/** Who decided, as they call themselves, and by which key where one is known: the name is a claim, the key was checked. */
export function approverName({ by, key }: Pick<Approval, "by" | "key">): string {
  return key === undefined ? by : `${by} (key ${key.id} “${key.name}” of tenant ${key.tenant})`;
}
