import type { Limits } from "#domain";
import type { ProjectDetector, ProjectProfile, Sandbox, Snapshot, Workspaces } from "#ports";
import type { ProjectCommand } from "./project-command.ts";

/** What an audit touches the world with. */
export type AuditTools = {
  sandbox: Sandbox;
  workspaces: Workspaces;
  detector: ProjectDetector;
  progress: (text: string) => void;
};

/** What is audited: a project, and the command that is believed to test it. */
export type Subject = {
  snapshot: Snapshot;
  profile: ProjectProfile;
  command: ProjectCommand;
  limits: Limits;
  signal: AbortSignal;
};

/** What became of one cheat. */
export type CheatResult = {
  name: string;
  does: string;
  outcome: "caught" | "let-through" | "not-applicable";
  /** How the command ended, or why the cheat does not apply. */
  detail: string;
};

/** The change that the command fails on. */
export type Break = { file: string; line: number; before: string; after: string; broken: string };

export type Audit =
  /** The command fails on the project as it is: nothing can be shown. */
  | { kind: "red"; detail: string }
  /** The command succeeded with every one of these changes: there is nothing to cheat. */
  | { kind: "unnoticed"; tried: number }
  | { kind: "audited"; change: Break; results: CheatResult[] };
