import { z } from "zod";
import { raise } from "#domain";
import type { SarifFinding, SarifRun } from "./sarif-finding.ts";

/** Of a log that is read. */
export const sarifBytesMax = 64 * 1024 * 1024;
const runsMax = 100;
const resultsMax = 100_000;

const messageSchema = z.object({ text: z.string().optional(), id: z.string().optional() });
const positive = z.int().min(1).optional();

const resultSchema = z.object({
  ruleId: z.string().optional(),
  ruleIndex: z.int().min(-1).optional(),
  rule: z.object({ id: z.string().optional(), index: z.int().min(-1).optional() }).optional(),
  kind: z.string().optional(),
  level: z.enum(["none", "note", "warning", "error"]).optional(),
  message: messageSchema,
  suppressions: z.array(z.object({ status: z.string().optional() })).optional(),
  locations: z
    .array(
      z.object({
        physicalLocation: z
          .object({
            artifactLocation: z.object({ uri: z.string().optional() }).optional(),
            region: z
              .object({
                startLine: positive,
                endLine: positive,
                startColumn: positive,
                snippet: messageSchema.optional(),
              })
              .optional(),
          })
          .optional(),
      }),
    )
    .optional(),
});
type SarifResult = z.infer<typeof resultSchema>;

const ruleSchema = z.object({
  id: z.string(),
  shortDescription: messageSchema.optional(),
  messageStrings: z.record(z.string(), messageSchema).optional(),
  defaultConfiguration: z.object({ level: z.enum(["none", "note", "warning", "error"]).optional() }).optional(),
});
type SarifRule = z.infer<typeof ruleSchema>;

const logSchema = z.object({
  version: z.literal("2.1.0"),
  runs: z
    .array(
      z.object({
        tool: z.object({
          driver: z.object({ name: z.string(), version: z.string().optional(), rules: z.array(ruleSchema).optional() }),
        }),
        results: z.array(resultSchema).max(resultsMax).nullish(),
      }),
    )
    .max(runsMax),
});

/**
 * The findings in a SARIF 2.1.0 log of any tool: open results only (no passes, no suppressed ones), the first location of each.
 * Paths are as the tool wrote them, decoded, `file://` and leading `./` taken away; they are untrusted like all of it. Throws a
 * `FaultError` of code `usage` for what is no such log, saying where.
 */
export function readSarif(text: string): SarifRun[] {
  if (text.length > sarifBytesMax) raise("usage", `the SARIF log is longer than ${sarifBytesMax} characters`);
  return parseLog(text).runs.map(({ tool, results }) => {
    const { name, version, rules = [] } = tool.driver;
    return {
      tool: { name, ...(version === undefined ? {} : { version }) },
      findings: (results ?? []).filter(isOpen).map((result) => findingOf(result, rules)),
    };
  });
}

function parseLog(text: string): z.infer<typeof logSchema> {
  const remedy = "give a SARIF 2.1.0 log, as scanners write with --format sarif";
  let json: unknown;
  try {
    // Written by .NET tools, it may begin with a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return raise("usage", `the SARIF log is not JSON: ${(error as Error).message}`, remedy);
  }
  const parsed = logSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return raise("usage", `not a SARIF 2.1.0 log: ${issue?.path.join(".") || "its root"}: ${issue?.message}`, remedy);
}

function isOpen({ kind, level, suppressions }: SarifResult): boolean {
  const suppressed = suppressions?.some(({ status }) => status === undefined || status === "accepted") === true;
  return (
    (kind === undefined || kind === "fail" || kind === "open" || kind === "review") && level !== "none" && !suppressed
  );
}

function findingOf(result: SarifResult, rules: readonly SarifRule[]): SarifFinding {
  const index = result.ruleIndex ?? result.rule?.index ?? -1;
  const id = result.ruleId ?? result.rule?.id ?? rules[index]?.id ?? "unnamed";
  const rule = rules[index] ?? rules.find((each) => each.id === id);
  const level = result.level ?? rule?.defaultConfiguration?.level ?? "warning";
  const { artifactLocation, region } = result.locations?.[0]?.physicalLocation ?? {};
  return {
    rule: id,
    severity: level === "none" ? "note" : level,
    message: messageOf(result, rule),
    ...(artifactLocation?.uri === undefined ? {} : { file: pathOf(artifactLocation.uri) }),
    ...(region?.startLine === undefined ? {} : { line: region.startLine }),
    ...(region?.endLine === undefined ? {} : { lineEnd: region.endLine }),
    ...(region?.startColumn === undefined ? {} : { column: region.startColumn }),
    ...(region?.snippet?.text === undefined ? {} : { snippet: region.snippet.text }),
  };
}

function messageOf({ message }: SarifResult, rule: SarifRule | undefined): string {
  const byId = message.id === undefined ? undefined : rule?.messageStrings?.[message.id]?.text;
  return message.text ?? byId ?? rule?.shortDescription?.text ?? "";
}

function pathOf(uri: string): string {
  const path = uri.replace(/^file:\/\//, "").replace(/^(\.\/)+/, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
