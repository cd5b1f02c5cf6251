import type { AuditEntry } from "@assay/sdk";
import { sanitizeLine } from "../sanitize.ts";

const [actorWidth, actionWidth] = [26, 20];
const indent = " ".repeat(6 + 24 + 2);

/** The trail for a person: a line each, and below it what it says and names. */
export function auditText(entries: readonly AuditEntry[]): string[] {
  return entries.flatMap(({ seq, time, actor, action, subject, detail, digests }) => [
    [
      String(seq).padStart(5),
      time,
      sanitizeLine(actor).padEnd(actorWidth),
      sanitizeLine(action).padEnd(actionWidth),
      sanitizeLine(subject),
    ]
      .join(" ")
      .trimEnd(),
    ...(detail === "" ? [] : [`${indent}${sanitizeLine(detail)}`]),
    ...digests.map(({ name, digest, path, state }) => {
      const where = path === undefined ? "" : ` ${sanitizeLine(path)}`;
      return `${indent}${state === undefined || state === "intact" ? "" : `${state.toUpperCase()}: `}${sanitizeLine(name)} ${digest}${where}`;
    }),
  ]);
}
