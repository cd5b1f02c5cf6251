import { workDocumentSchemas } from "@assay/sdk";
import { z } from "zod";
import { plural } from "#report";

const outputSchema = z.discriminatedUnion("kind", [
  workDocumentSchemas.propose.output,
  workDocumentSchemas.check.output,
  workDocumentSchemas.analyze.output,
]);

const findingsShown = 10;
const textMax = 300;

/** What a worker brought, in a few lines for a person, not yet made safe to print; empty for what is no document of work. */
export function workLines(content: Uint8Array): string[] {
  const work = outputSchema.safeParse(parseJson(content)).data;
  switch (work?.kind) {
    case "check": {
      const { collected, results, collectionErrors } = work.report;
      const passed = results.filter(({ outcome }) => outcome === "passed").length;
      const skipped = results.filter(({ outcome }) => outcome === "skipped").length;
      const failed = results.length - passed - skipped;
      const uncollected = collectionErrors.length === 0 ? "" : `, ${collectionErrors.length} not collected`;
      return [
        `${plural(collected.length, "test")}: ${passed} passed, ${failed} failed, ${skipped} skipped${uncollected}`,
      ];
    }
    case "propose":
      return [
        `${plural(work.candidates.length, "candidate")} of ${work.tried} tried`,
        ...work.candidates.slice(0, findingsShown).map(({ summary, method }) => short(`${summary} (${method})`)),
      ];
    case "analyze": {
      const lines = work.findings.slice(0, findingsShown).map(({ title, file, line, confidence }) => {
        const place = file === undefined ? "" : `${file}${line === undefined ? "" : `:${line}`} `;
        return short(`${place}${title}${confidence === undefined ? "" : ` (${Math.round(confidence * 100)} % sure)`}`);
      });
      const rest = work.findings.length - lines.length;
      return [short(work.summary), ...lines, ...(rest > 0 ? [`… and ${rest} more`] : [])];
    }
    default:
      return [];
  }
}

function parseJson(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch {
    return undefined;
  }
}

function short(text: string): string {
  return text.length > textMax ? `${text.slice(0, textMax - 1)}…` : text;
}
