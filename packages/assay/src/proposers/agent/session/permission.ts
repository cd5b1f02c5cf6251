import { posix } from "node:path";
import type { PermissionOption, RequestPermissionRequest, RequestPermissionResponse } from "@agentclientprotocol/sdk";

export type Permission = { title: string; allowed: boolean; why: string };

type Asked = Pick<RequestPermissionRequest, "options" | "toolCall">;

/** What happens to files is allowed where it is told that all of them are inside; a command runs in the sandbox, whatever it says. */
const ofFiles = new Set(["read", "edit", "delete", "move", "search"]);
const withoutFiles = new Set(["read", "search", "execute", "think"]);

/**
 * Answers an agent that asks. A policy, not a boundary: the sandbox is that, and an agent need not ask. Inside its workspace it may do
 * what it wants; everything else is denied.
 */
export function decidePermission({ toolCall }: Asked, workspace: string): Permission {
  const title = (toolCall.title ?? toolCall.kind ?? "something").slice(0, 200);
  const kind = toolCall.kind ?? "other";
  const paths = [
    ...(toolCall.locations ?? []).map(({ path }) => path),
    ...(toolCall.content ?? []).flatMap((content) => (content.type === "diff" ? [content.path] : [])),
  ];
  const outside = paths.find((path) => !isInside(path, workspace));
  const deny = (why: string): Permission => ({ title, allowed: false, why });
  if (outside !== undefined) return deny("it is outside the workspace");
  if (paths.length > 0 && (ofFiles.has(kind) || kind === "execute")) {
    return { title, allowed: true, why: "all of it is inside the workspace" };
  }
  if (withoutFiles.has(kind)) return { title, allowed: true, why: "the sandbox has only the workspace" };
  return deny(ofFiles.has(kind) ? "it does not say which files" : `"${kind.slice(0, 40)}" is not about the workspace`);
}

/** The answer in the agent's own options; the narrowest that means the same, `cancelled` where none does. */
export function permissionAnswer(options: readonly PermissionOption[], allowed: boolean): RequestPermissionResponse {
  const kinds = allowed ? ["allow_once", "allow_always"] : ["reject_once", "reject_always"];
  const found = kinds.flatMap((kind) => options.filter((option) => option.kind === kind)).at(0);
  return {
    outcome: found === undefined ? { outcome: "cancelled" } : { outcome: "selected", optionId: found.optionId },
  };
}

function isInside(path: string, workspace: string): boolean {
  const full = posix.resolve(workspace, path);
  return full === workspace || full.startsWith(`${workspace}/`);
}
