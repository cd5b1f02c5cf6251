/** A place that something has to be said about, whoever says it: what SARIF is written from and read into. */
export type SarifFinding = {
  /** Stable id of the rule, e.g. `python-process-spawn`. */
  rule: string;
  severity: "note" | "warning" | "error";
  message: string;
  /** Project-relative POSIX path; absent for what is about the project as a whole. */
  file?: string;
  /** 1-based; columns in UTF-16 code units. */
  line?: number;
  lineEnd?: number;
  column?: number;
  snippet?: string;
};

/** A tool's findings, as SARIF keeps them together in a run. */
export type SarifRun = {
  tool: { name: string; version?: string };
  findings: readonly SarifFinding[];
};
